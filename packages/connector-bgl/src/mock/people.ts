import type { RawRecord } from '@contact-sync/core';
import { type FakeContact, type FakeFund, fakeContact, fakeFund, fakeMember, fakeTrustee } from './firm.js';

export type FakeFirm = { readonly contacts: readonly FakeContact[]; readonly funds: readonly FakeFund[] };

/**
 * A firm whose people are read as exactly these records. An id `sf:…` is a member of a super fund; any other is a contact
 * of CAS 360, read as `cas:…` whether it says so or not.
 */
export function exampleFirm(records: readonly RawRecord[]): FakeFirm {
  const inFund = records.filter(({ externalId }) => externalId.startsWith('sf:'));
  const inCas = records.filter(({ externalId }) => !externalId.startsWith('sf:'));
  const contacts = inCas.map(({ externalId, name, email, phone }) => {
    const id = externalId.replace(/^cas:/, '');
    return fakeContact({ id: /^[1-9]\d{0,8}$/.test(id) ? Number(id) : id, ...inTwo(name), email, mobile: phone });
  });
  const members = inFund.map(({ externalId, name, email, phone }) =>
    fakeMember({ peopleId: externalId.slice('sf:'.length), ...inTwo(name), email, mobile: phone }),
  );
  return { contacts, funds: members.length === 0 ? [] : [fakeFund({ id: fundId(1), members })] };
}

/** First and last name, which together are the name to the letter. */
function inTwo(name: string | null) {
  const at = name?.trimEnd().lastIndexOf(' ') ?? -1;
  const [firstName, lastName] = name === null || at < 0 ? [name, null] : [name.slice(0, at), name.slice(at + 1)];
  const whole = [firstName, lastName].some((part) => part !== null && ['', 'null'].includes(part.trim()));
  return whole ? { firstName: name, lastName: null } : { firstName, lastName };
}

const alex = { firstName: 'Alex', lastName: 'Nguyen', email: 'alex.nguyen@example.com' };
const robin = { firstName: 'Robin', lastName: 'NGUYEN', email: 'alex.nguyen@example.com' };

/** A small firm with one of every kind of row that the connector tells apart. */
export function sampleFirm(): FakeFirm {
  const contacts = [
    fakeContact({
      id: 1_800_101,
      title: 'Ms',
      middleName: 'J',
      ...alex,
      mobile: '0400 000 001',
      phone1: '(03) 5550 0001',
    }),
    fakeContact({ id: 1_800_102, contactType: 'Company', name: 'NGUYEN HOLDINGS PTY LTD', email: '', mobile: null }),
    fakeContact({ id: 1_800_103, contactType: 'Joint Member', representativeIds: [1_800_101, 1_800_104] }),
    fakeContact({ id: 1_800_104, ...robin, phone1: '61400000104' }),
    fakeContact({ id: 1_800_105, contactType: 'Other Entity', name: 'Nguyen Family Trust', email: null }),
    fakeContact({ id: 1_800_106, contactType: 'Joint Member', representativeIds: [1_800_104, 1_800_199] }),
    fakeContact({ id: 1_800_107, firstName: 'Kāra', lastName: 'Ōtene', email: 'kara@example.com; k@example.com' }),
    fakeContact({ id: 1_800_108, firstName: 'Sam', lastName: 'Odd', contactType: 'Robot' }),
  ];
  const alexInFund = { peopleId: personId(1), ...alex };
  const funds = [
    fakeFund({
      id: fundId(1),
      members: [
        fakeMember({ ...alexInFund, mobile: '61400000001' }),
        fakeMember({ peopleId: personId(2), ...robin, dateOfDeath: '2025-03-01' }),
      ],
      trustees: [
        fakeTrustee(alexInFund),
        fakeTrustee({ peopleId: personId(3), firstName: 'Dana', lastName: 'Director' }),
      ],
      corporate: true,
    }),
    fakeFund({
      id: fundId(2),
      name: 'Second Super Fund',
      entityType: null,
      members: [fakeMember({ ...alexInFund, mobile: '61400000001' })],
      trustees: [fakeTrustee({ peopleId: personId(2), ...robin })],
    }),
    fakeFund({
      id: fundId(3),
      name: 'Old Super Fund',
      entity: { windUpDate: '2020-06-30' },
      members: [fakeMember(robin)],
    }),
    fakeFund({ id: fundId(4), name: 'Family Trust', entityType: 'BillableTrust' }),
  ];
  return { contacts, funds };
}

/** 32 hexadecimal digits, as Simple Fund 360 has them. */
function fundId(number: number): string {
  return `8a9c9e00${number.toString(16).padStart(24, '0')}`;
}

function personId(number: number): string {
  return `8a9c9eff${number.toString(16).padStart(24, '0')}`;
}
