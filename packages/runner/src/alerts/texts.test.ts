import { errorCodes } from '@contact-sync/core';
import { expect, test } from 'vitest';
import type { Alert } from './alerts.js';
import { textOf } from './texts.js';

const at = '2026-03-02T00:59:58.000Z';
const about = { book: 'north', bookOption: 'firm-2', source: 'xpm:8c0e', connector: './my-xpm.js' };

test.each<[Alert, RegExp[], RegExp]>([
  [
    { kind: 'failing', at, failures: 3, code: 'source_timeout' },
    [/^3 syncs of xpm:8c0e \(book north\) failed in a row\./, /took too long \(source_timeout\)/],
    /contact-sync plan --from xpm:8c0e --book firm-2$/,
  ],
  [
    { kind: 'guard', at, run: '41', tripped: [{ guard: 'many_missing', count: 12, of: 20 }] },
    [/^Run 41 of xpm:8c0e \(book north\) was stopped/, /marked missing \(many_missing\), 12 of 20\./],
    /contact-sync approve 41 --book firm-2$/,
  ],
  [
    { kind: 'reconnect', at, code: 'source_reconnect' },
    [/can no longer be read/, /\(source_reconnect\)/],
    /^contact-sync connect \.\/my-xpm\.js --book firm-2$/,
  ],
  [
    { kind: 'rejected', at, rejected: 5, rows: 20 },
    [/rejected 5 of 20 records/],
    /runs --book firm-2, then contact-sync runs show RUN --book firm-2$/,
  ],
  [
    { kind: 'unused', at, renewedAt: '2026-01-15T10:00:00.000Z', endsAt: '2026-03-16T10:00:00.000Z' },
    [/last used on 2026-01-15/, /ends on 2026-03-16/],
    /contact-sync resume xpm:8c0e --book firm-2\. .* disconnect xpm:8c0e --book firm-2$/,
  ],
  [
    { kind: 'recovered', at, from: { failing: '2026-03-01T10:00:00.000Z', guard: '2026-03-01T12:30:00.000Z' } },
    [/syncs failed, since 2026-03-01 10:00 UTC; a guard stopped it, since 2026-03-01 12:30 UTC/],
    /^Nothing\.$/,
  ],
])('%j', (alert, says, todo) => {
  const { subject, what, todo: told } = textOf(alert, about);
  expect(subject).toContain('xpm:8c0e');
  expect(subject).not.toMatch(/[\r\n]/);
  for (const part of says) expect(what).toMatch(part);
  expect(told).toMatch(todo);
});

test('the default book needs no option, and a connection that does not open is connected by its beginning', () => {
  const usual = { ...about, bookOption: 'default', connector: null };
  expect(textOf({ kind: 'reconnect', at, code: 'source_reconnect' }, usual).todo).toBe('contact-sync connect xpm');
});

test('names are quoted in a command where a shell would take them otherwise', () => {
  const odd = { book: 'north', bookOption: "Lee's firm", source: 'csv:a b', connector: '/my files/csv.js' };
  const inBook = "--book 'Lee'\\''s firm'";
  const todo = (alert: Alert) => textOf(alert, odd).todo;
  expect(todo({ kind: 'reconnect', at, code: 'source_reconnect' })).toBe(
    `contact-sync connect '/my files/csv.js' ${inBook}`,
  );
  expect(todo({ kind: 'unused', at, renewedAt: at, endsAt: at })).toBe(
    `Sync it, or resume it if it is paused: contact-sync resume 'csv:a b' ${inBook}. If it is not needed any more: contact-sync disconnect 'csv:a b' ${inBook}`,
  );
  for (const code of ['source_timeout', 'internal'] as const) {
    expect(todo({ kind: 'failing', at, failures: 3, code })).toContain(`contact-sync plan --from 'csv:a b' ${inBook}`);
  }
});

test('every error has a text', () => {
  for (const code of Object.keys(errorCodes) as (keyof typeof errorCodes)[]) {
    const { what, todo } = textOf({ kind: 'failing', at, failures: 3, code }, about);
    expect(what).toContain(`(${code})`);
    expect(todo.length).toBeGreaterThan(20);
  }
});
