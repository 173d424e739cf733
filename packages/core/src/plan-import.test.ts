import { expect, test } from 'vitest';
import type { Connection } from './connection.js';
import type { Contact } from './contact.js';
import { planImport } from './plan-import.js';

const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id,
  name: 'J',
  email: 'j@x.com',
  phone: null,
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source: 'xpm:t', externalId: id },
  missingSince: null,
  ...more,
});
const options = { base: 3, at: '2026-01-31T00:00:00.000Z', actor: 'me' };
const connected: Connection = { source: 'xpm:t', kind: 'contact-sync', state: 'connected' };

test('contacts come as they are, each with its reason, and are no rows of a read', () => {
  const contacts = [contact('1'), contact('2', { recordType: 'manual', link: null })];
  expect(planImport(contacts, options)).toEqual({
    kind: 'import',
    source: null,
    actor: 'me',
    why: null,
    at: options.at,
    base: 3,
    connections: [{ before: null, after: connected }],
    decisions: contacts.map((after) => ({
      reason: 'imported',
      externalId: after.link?.externalId ?? null,
      before: null,
      after,
      flags: [],
      says: null,
      faults: [],
      note: null,
    })),
    counts: { rows: 0, reasons: { imported: 2 }, flags: {}, skipped: {} },
    blocked: [],
  });
});

test('sources of contacts that are not synced are not connected by it', () => {
  const others = [contact('1', { recordType: 'manual' }), contact('2', { recordType: 'external' })];
  expect(planImport(others, { ...options, why: 'moved' })).toMatchObject({ connections: [], why: 'moved' });
});

test.each([
  [{ ...connected }, []],
  [{ ...connected, state: 'paused' }, []],
  [{ ...connected, state: 'disconnected' }, [{ before: { ...connected, state: 'disconnected' }, after: connected }]],
  [{ ...connected, kind: 'external', state: 'connected' }, []],
] as [Connection, unknown][])('a known connection %j changes by %j', (known, changes) => {
  const plan = planImport([contact('1'), contact('2')], { ...options, connections: [known] });
  expect(plan.connections).toEqual(changes);
});
