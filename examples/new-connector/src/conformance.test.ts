import { setTimeout } from 'node:timers/promises';
import { httpFaults, mswTransport } from '@contact-sync/connector-kit/mock';
import { type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { acme } from './index.js';
import { type FakePerson, type Fault, fakeAcme } from './mock/index.js';
import { exactly } from './mock/mock.js';

const ownFaults: Readonly<Record<'refused' | 'repeats' | 'next_elsewhere', Fault>> = {
  refused: () => Response.json({ error: 'no' }),
  repeats: (_, first) => new Response(first),
  next_elsewhere: (body) => Response.json({ ...JSON.parse(body), next: 'https://elsewhere.example/people' }),
};

function faultsWith(secret: string): Readonly<Record<string, Fault>> {
  const usual = Object.entries(httpFaults(secret, 'application/json'));
  const ofHttp = usual.map(([name, fault]): [string, Fault] => [name, (body) => fault(new TextEncoder().encode(body))]);
  return { ...Object.fromEntries(ofHttp), ...ownFaults };
}

const harness: SourceHarness = {
  pageSize: 2,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret, personal }) {
    // In turns a person who is archived, and one whose id is no text.
    const more = Array.from(
      { length: others },
      (_, n): FakePerson => ({ id: n % 2 === 0 ? `gone-${n}` : n, archived: true }),
    );
    const privately = { born: personal.born, taxNumber: personal.taxNumber };
    const people = [...exactly(records), ...more].map((person) => ({ ...person, ...privately }));
    const fake = fakeAcme(people, secret, 2);
    const faults = faultsWith(secret);
    return {
      source: acme({ tenant: 't1', token: secret, transport: mswTransport(fake.handlers), wait: async () => {} }),
      rows: records.length + others,
      requests: fake.requests,
      fault: (fault) => fake.fault(faults[fault ?? ''] ?? null, fault?.endsWith('_once') ? 1 : undefined),
      insert: (added) => {
        people.unshift(...exactly(added).map((person) => ({ ...person, ...privately })));
      },
      remove: (id) => {
        people.splice(
          people.findIndex((person) => person.id === id),
          1,
        );
      },
    };
  },
};

test.each(sourceCases())('$id: $name', async ({ run }) => {
  expect(await run(harness)).toBe('passed');
});
