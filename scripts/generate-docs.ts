import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodes } from '../packages/core/src/error.ts';
import { flags, type ReasonInfo, reasons } from '../packages/core/src/reasons.ts';

// Writes docs/reasons.md and docs/errors.md from core's lists; with --check only says whether they are up to date.

type Errors = Record<string, { kind: 'usage' | 'failure'; title: string }>;

const notice = (list: string) =>
  `<!-- Made from ${list} by \`pnpm generate-docs\`. Change that list, not this page. -->`;

const actions: Record<ReasonInfo['action'], string> = {
  release: "The contact is a person's to change from then on.",
  undo: 'What a run had changed is taken back.',
  forget: 'The contact goes, and everything that was kept of it.',
  reject: 'The row is reported. Nothing changes, and its contact does not count as missing.',
  hold: 'Nothing changes until a person decides.',
  none: 'The details of the contact stay as they are.',
  relink: 'The contact is a synced one again; its details stay as they are.',
  update: 'The details of the contact become those of the source.',
  match: 'A manual contact becomes a synced one.',
  create: 'A new synced contact is made.',
  mark: 'The contact stays, and is marked as missing from its source.',
  import: 'The contact is loaded into the book.',
};

export function reasonsPage(list: Record<string, ReasonInfo>, flagList: Record<string, string>): string {
  const entries = Object.entries(list);
  const used = new Set(entries.map(([, info]) => info.action));
  const row = ([code, info]: [string, ReasonInfo]) => [
    `\`${code}\``,
    info.line === null ? '' : String(info.line),
    info.action,
    info.sentence,
    info.hint ?? '',
  ];
  const head = ['reason', 'line', 'action', 'what it says', 'what to do'];
  return page([
    notice('packages/core/src/reasons.ts'),
    '# Reasons and flags',
    'Every decision has exactly one reason. A reason explains and never steers: what a decision does is its `before` and `after`. The codes are stable, so scripts and reports can rely on them. *Line* is the line of [the record update rules](rules.md) that decides.',
    '## What became of a record of the source',
    'Every row of a read has exactly one of these, or was left out by a filter and is counted as skipped.',
    table(head, entries.filter(([, info]) => info.of === 'record').map(row)),
    '## What became of a contact without a record',
    table(head, entries.filter(([, info]) => info.of === 'contact').map(row)),
    '## Actions',
    table(
      ['action', 'what happens to the book'],
      Object.entries(actions).flatMap(([action, text]) =>
        used.has(action as ReasonInfo['action']) ? [[action, text]] : [],
      ),
    ),
    '## Flags',
    'A flag says what else is worth a person’s look. It changes nothing, and a decision can have several.',
    table(
      ['flag', 'what it says'],
      Object.entries(flagList).map(([code, text]) => [`\`${code}\``, text]),
    ),
  ]);
}

export function errorsPage(list: Errors): string {
  const rows = (kind: 'usage' | 'failure') =>
    Object.entries(list).flatMap(([code, info]) => (info.kind === kind ? [[`\`${code}\``, info.title]] : []));
  const head = ['code', 'what happened'];
  return page([
    notice('packages/core/src/error.ts'),
    '# Errors',
    'Every error has a code that never changes, says what happened and to what, and gives a hint what to do now. With `--json` the command line prints the code; a run that ends with an error has changed nothing in the book.',
    '## Exit code 2: what was asked for cannot be done',
    'A setting, a file or the command itself has to be corrected first.',
    table(head, rows('usage')),
    '## Exit code 1: it failed',
    'What was asked for was understood, but something else has to be mended, or the command run again later.',
    table(head, rows('failure')),
  ]);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function page(parts: string[]): string {
  return `${parts.join('\n\n')}\n`;
}

function main(check: boolean): void {
  const pages = { 'reasons.md': reasonsPage(reasons, flags), 'errors.md': errorsPage(errorCodes) };
  for (const [name, text] of Object.entries(pages)) {
    const file = fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
    if (!check) writeFileSync(file, text);
    else if (readFileSync(file, 'utf8').replaceAll('\r\n', '\n') !== text) {
      process.stderr.write(`${relative(process.cwd(), file)} is not up to date. Run \`pnpm generate-docs\`.\n`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) main(process.argv.includes('--check'));
