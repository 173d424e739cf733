import { expect, test } from 'vitest';
import { errorsPage, reasonsPage } from './generate-docs.ts';

test('a reason is a row of the table of what it is about, with everything a reader needs', () => {
  const text = reasonsPage(
    {
      kept: { of: 'record', line: 3, action: 'none', sentence: 'All is equal.' },
      gone: { of: 'contact', line: null, action: 'mark', sentence: 'One | gone.', hint: 'Wait.' },
    },
    { odd: 'Something is odd.' },
  );
  const [records, contacts] = text.split('## What became of a contact');
  expect(records).toContain('\n| `kept` | 3 | none | All is equal. |  |\n');
  expect(contacts).toContain('\n| `gone` |  | mark | One \\| gone. | Wait. |\n');
  expect(contacts).toContain('\n| `odd` | Something is odd. |\n');
  expect(records).not.toContain('`gone`');
});

test('only actions that a reason has are explained', () => {
  const text = reasonsPage({ kept: { of: 'record', line: 3, action: 'none', sentence: 'All is equal.' } }, {});
  expect(text).toContain('\n| none | ');
  expect(text).not.toContain('\n| hold | ');
});

test('an error stands under its exit code', () => {
  const text = errorsPage({
    bad_word: { kind: 'usage', title: 'A word is bad' },
    no_luck: { kind: 'failure', title: 'There was no luck' },
  });
  const [usage, failure] = text.split('## Exit code 1');
  expect(usage).toContain('## Exit code 2');
  expect(usage).toContain('\n| `bad_word` | A word is bad |\n');
  expect(failure).toContain('\n| `no_luck` | There was no luck |\n');
  expect(failure).not.toContain('bad_word');
});
