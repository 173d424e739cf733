import { type Practice, practice, serveMock } from '@contact-sync/connector-kit/mock';
import { type ConnectorMock, checkFault, type RawRecord } from '@contact-sync/core';
import { type FakePerson, type Fault, fakeAcme, origin } from './fake.js';

const token = 'fake-token';

const ordered: Readonly<Record<string, { says: string; fault: Fault; times?: number }>> = {
  unauthorized: { says: 'The token is not accepted.', fault: () => new Response(null, { status: 401 }) },
  unavailable: { says: 'Every answer is status 503.', fault: () => new Response(null, { status: 503 }) },
  'unavailable-once': {
    says: 'The first answer is status 503.',
    fault: () => new Response(null, { status: 503 }),
    times: 1,
  },
  cut: { says: 'Answers end in their middle.', fault: (body) => new Response(body.slice(0, body.length / 2)) },
  page: { says: 'Answers are a page of HTML.', fault: () => new Response('<html>Sign in</html>') },
};
const faults = Object.fromEntries(Object.entries(ordered).map(([name, { says }]) => [name, says]));

/** For `contact-sync mock acme`. */
export const mock: ConnectorMock = {
  faults,
  async serve({ records, contacts, seed, port, fault }) {
    checkFault(faults, fault);
    const people = records === undefined ? peopleOf(practice({ seed, size: contacts })) : exactly(records);
    const fake = fakeAcme(people, token);
    const order = fault === undefined ? undefined : ordered[fault];
    if (order !== undefined) fake.fault(order.fault, order.times);
    const { url, close } = await serveMock(fake.handlers, { origin, port });
    return { url, settings: { tenant: 't1', baseUrl: url }, env: { ACME_TOKEN: token }, close };
  },
};

/** People whom the connector reads as exactly these records. */
export function exactly(records: readonly RawRecord[]): FakePerson[] {
  return records.map(({ externalId, name, email, phone }) => ({
    id: externalId,
    ...(name === null ? {} : { name }),
    ...(email === null ? {} : { mail: email }),
    ...(phone === null ? {} : { mobile: phone }),
    archived: false,
  }));
}

function peopleOf({ people }: Practice): FakePerson[] {
  return people.map(({ id, name, email, mobile, deleted }) => ({ id, name, mail: email, mobile, archived: deleted }));
}
