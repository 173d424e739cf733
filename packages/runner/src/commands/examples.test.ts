import { expect, test } from 'vitest';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { examples } from './examples.js';

async function helpOf(...path: string[]): Promise<string> {
  const terminal = testTerminal({ width: 200 });
  expect(await main([...path, '--help'], terminal)).toBe(0);
  return terminal.output();
}

/** The commands that a help page lists, without `help` itself. */
function listed(help: string): string[] {
  const [, list = ''] = /\nCommands:\n((?: {2}.*\n)+)/.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].flatMap(([, name]) => (name === 'help' || !name ? [] : [name]));
}

async function allCommands(...path: string[]): Promise<string[]> {
  const children = listed(await helpOf(...path));
  if (children.length === 0) return [path.join(' ')];
  return (await Promise.all(children.map((child) => allCommands(...path, child)))).flat();
}

test('every command shows in its help what to type', async () => {
  const commands = await allCommands();
  expect(commands.toSorted()).toEqual(Object.keys(examples).toSorted());
  for (const command of commands) {
    const help = await helpOf(...command.split(' '));
    for (const line of examples[command] ?? []) expect(help).toContain(`  contact-sync ${line}\n`);
  }
});

test.each(Object.entries(examples).flatMap(([command, lines]) => lines.map((line) => [command, line] as const)))(
  '%s: the options of its example are there, %s',
  async (command, line) => {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect(words.slice(0, command.split(' ').length).join(' ')).toBe(command);
    const options = words.filter((word) => word.startsWith('--'));
    const help = await helpOf(...command.split(' '));
    for (const option of options) expect(help).toMatch(new RegExp(`${option}\\b`));
  },
);

test('a slip is answered with the nearest command or option', async () => {
  for (const [args, nearest] of [
    [['snyc'], '(Did you mean sync?)'],
    [['contacts', 'lst'], '(Did you mean list?)'],
    [['runs', 'list', '--limt', '3'], '(Did you mean --limit?)'],
  ] as const) {
    const terminal = testTerminal({ width: 200 });
    expect(await main(args, terminal)).toBe(2);
    expect(terminal.errors()).toContain(nearest);
  }
});

test('quiet says nothing but errors', async () => {
  const loud = testTerminal({ width: 200 });
  const silent = testTerminal({ width: 200 });
  expect(await main(['keys', 'new'], loud)).toBe(0);
  expect(await main(['keys', 'new', '--quiet'], silent)).toBe(0);
  expect(loud.output()).not.toBe('');
  expect([silent.output(), silent.errors()]).toEqual(['', '']);
  expect(await main(['runs', '--quiet', '--store', 'nowhere:'], silent)).toBe(2);
  expect(silent.errors()).toContain('setting_invalid');
});
