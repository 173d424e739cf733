import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { decisionToJson, parseDecision, parsePlan, planHash, planToNdjson } from './ndjson.js';
import type { Decision, Plan } from './plan.js';

const contact: Contact = {
  id: '1',
  name: 'Zoë “Z” \u2028 Smith 😀',
  email: 'z@x.com',
  phone: '+61400000001',
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source: 'xpm:t', externalId: 'A' },
  missingSince: null,
};
const decision: Decision = {
  reason: 'updated',
  externalId: 'A',
  before: { ...contact, phone: null },
  after: contact,
  flags: ['phone_dropped', 'returned'],
  says: { name: 'half \ud800', email: 'z@x.com', phone: '12' },
  faults: [],
  note: null,
};
const rejection: Decision = {
  ...decision,
  reason: 'rejected_unreadable',
  before: null,
  after: null,
  flags: [],
  says: null,
  faults: ['rejected_unreadable'],
  note: 'line 2: cut',
};
const plan: Plan = {
  kind: 'sync',
  source: 'xpm:t',
  actor: 'someone',
  why: 'because',
  at: '2026-01-31T00:00:00.000Z',
  base: 7,
  connections: [{ before: null, after: { source: 'xpm:t', kind: 'contact-sync', state: 'connected' } }],
  decisions: [decision, rejection],
  counts: {
    rows: 3,
    reasons: { updated: 1, rejected_unreadable: 1 },
    flags: { returned: 1 },
    skipped: { archived: 1 },
  },
  blocked: [{ guard: 'many_missing', count: 1, of: 2, message: 'm' }],
};

test('a plan survives its text', () => {
  expect(parsePlan(planToNdjson(plan))).toEqual(plan);
  expect(planHash(parsePlan(planToNdjson(plan)))).toBe(planHash(plan));
  expect(parseDecision(decisionToJson(decision))).toEqual(decision);
});

test('the text is one line for the head, one for each decision, one for the end', () => {
  const lines = planToNdjson(plan).split('\n');
  expect(lines).toHaveLength(5);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    plan: 1,
    kind: 'sync',
    source: 'xpm:t',
    actor: 'someone',
    why: 'because',
    at: plan.at,
    base: 7,
    connections: plan.connections,
  });
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ end: true, decisions: 2 });
  expect(lines[4]).toBe('');
});

test('the order in which keys were made does not show', () => {
  const reversed = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).reverse()) as T;
  const same = reversed({
    ...plan,
    decisions: plan.decisions.map((one) => reversed({ ...one, after: one.after && reversed(one.after) })),
    counts: reversed({ ...plan.counts, reasons: reversed(plan.counts.reasons) }),
    blocked: plan.blocked.map(reversed),
  });
  expect(planToNdjson(same)).toBe(planToNdjson(plan));
});

test('every part of a plan is in its hash', () => {
  const others: Plan[] = [
    { ...plan, kind: 'import' },
    { ...plan, source: null },
    { ...plan, actor: 'x' },
    { ...plan, why: null },
    { ...plan, at: '2026-02-01T00:00:00.000Z' },
    { ...plan, base: 8 },
    { ...plan, connections: [] },
    { ...plan, decisions: [rejection, decision] },
    { ...plan, decisions: [decision] },
    { ...plan, counts: { ...plan.counts, rows: 4 } },
    { ...plan, counts: { ...plan.counts, skipped: { archived: 2 } } },
    { ...plan, counts: { ...plan.counts, flags: {} } },
    { ...plan, blocked: [] },
  ];
  const hashes = [plan, ...others].map(planHash);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
});

test('a plan cut off at any character is not a plan', () => {
  const text = planToNdjson(plan);
  for (let end = 0; end < text.length; end += 1) {
    expect(() => parsePlan(text.slice(0, end)), `cut at ${end}`).toThrow('The plan cannot be read');
  }
});

test.each([
  ['a line less', (lines: string[]) => [...lines.slice(0, 1), ...lines.slice(2)], '1 decisions and says 2'],
  ['a line that is not JSON', (lines: string[]) => lines.with(1, '{'), 'line 2 is not JSON'],
  [
    'an unknown reason',
    (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('"updated"', '"mended"')),
    'line 2 has invalid_value at reason',
  ],
  [
    'an unknown format',
    (lines: string[]) => lines.with(0, (lines[0] ?? '').replace('"plan":1', '"plan":2')),
    'line 1 has invalid_value at plan',
  ],
  [
    'a field more',
    (lines: string[]) => lines.with(0, (lines[0] ?? '').replace('{', '{"x":1,')),
    'line 1 has unrecognized_keys',
  ],
  ['a list for its head', (lines: string[]) => lines.with(0, '[]'), 'line 1 has invalid_type at its top'],
])('%s is refused', (_, edit, message) => {
  expect(() => parsePlan(edit(planToNdjson(plan).split('\n')).join('\n'))).toThrow(message);
});

test('what is no plan says so, and what to do', () => {
  for (const [text, problem] of [
    ['', 'it is cut off'],
    ['\n', 'it is cut off'],
    ['{}\n', 'it is cut off'],
    ['{}\n{}\n', 'line 1 has invalid_value at plan'],
    ['nothing\n{}\n', 'line 1 is not JSON'],
  ] as const) {
    expect(() => parsePlan(text)).toThrow(
      expect.objectContaining({
        code: 'plan_invalid',
        message: `The plan cannot be read: ${problem}.`,
        hint: 'Make the plan again.',
      }),
    );
  }
  // A plan without a decision has two lines.
  expect(parsePlan(planToNdjson({ ...plan, decisions: [] })).decisions).toEqual([]);
});
