import { basename, resolve } from 'node:path';
import { defaultPolicy } from '@contact-sync/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { askFor, askWhether } from '../config/ask.js';
import { type ConfigFormat, configFormats } from '../config/config-text.js';
import { configOf, ignore, isThere, refuseSecond, type Wishes, writeConfig } from '../config/init.js';
import { canFake, connectMocked, installedFakes } from '../config/try-first.js';
import { keyVariables } from '../secrets/key-sources.js';
import { printable } from '../show/printable.js';
import { calledAs, type Terminal } from '../terminal.js';
import { writeKey } from './keys.js';
import { type OutputOptions, withOutput } from './options.js';

type Options = OutputOptions & {
  readonly store?: string;
  readonly region?: string;
  readonly alertMail?: string;
  /** A path; false with --no-key. */
  readonly key?: string | boolean;
  /** The name of a connector; false with --no-mock. */
  readonly mock?: string | boolean;
  readonly port: number;
  readonly format: ConfigFormat;
  readonly yes?: boolean;
};

const proposed = { store: 'sqlite:contacts.db', key: 'contact-sync.key' };

export function initCommand(program: Command, terminal: Terminal): void {
  withOutput(program.command('init'))
    .description('write a configuration, make a key, and store a connection to a made-up practice to try things with')
    .option(
      '--store <store>',
      `where the contact book is to be: sqlite:FILE or postgres://…; ${proposed.store} unless said`,
    )
    .option('--region <region>', `where phones without a country code are; ${defaultPolicy.region} unless said`)
    .option('--alert-mail <address>', 'who is told when something needs a person')
    .option('--key <file>', `the file of the key that secrets are encrypted with; ${proposed.key} unless said`)
    .option('--no-key', 'make no key')
    .option('--mock <connector>', 'whose made-up practice to try first: xpm, fyi, bgl')
    .option('--no-mock', 'store no connection')
    .option('--port <n>', 'the port on which that practice is served', port, 4010)
    .addOption(new Option('--format <format>', 'how the configuration is written').choices(configFormats).default('ts'))
    .option('--yes', 'ask nothing')
    .action(async (options: Options) => {
      const { cwd } = terminal;
      await refuseSecond(cwd);
      const asks = terminal.isInteractive && !options.yes && !options.json;
      const wishes = await wishesOf(terminal, options, asks);
      const config = configOf(wishes, `contact-sync.config.${options.format}`);
      const mocked = await mockOf(terminal, options, asks);

      const keyMade = wishes.keyFile !== null && !(await isThere(resolve(cwd, wishes.keyFile)));
      if (wishes.keyFile !== null && keyMade) await writeKey(resolve(cwd, wishes.keyFile));
      const file = await writeConfig(config, cwd, options.format);
      const ignored = await ignore(cwd, wishes);
      const source = mocked === null ? null : await storeMocked(terminal, options, wishes, mocked);

      const done: Done = { file, key: wishes.keyFile, keyMade, ignored, connector: mocked, source };
      if (options.json) terminal.out(`${JSON.stringify(done, null, 2)}\n`);
      else terminal.out(doneText(terminal, done, options.port));
    });
}

type Done = {
  readonly file: string;
  readonly key: string | null;
  /** False where there was one. */
  readonly keyMade: boolean;
  readonly ignored: readonly string[];
  readonly connector: string | null;
  /** Of the connection to the made-up practice. */
  readonly source: string | null;
};

async function wishesOf(terminal: Terminal, options: Options, asks: boolean): Promise<Wishes> {
  const answer = async (given: string | undefined, question: string, otherwise: string, part: keyof Wishes) =>
    given ?? (asks ? await askFor(terminal, question, otherwise, (text) => problemWith(part, text)) : otherwise);
  const store = await answer(options.store, 'Where is the contact book to be?', proposed.store, 'store');
  const region = await answer(
    options.region,
    'Which country are phone numbers without a country code from?',
    defaultPolicy.region,
    'region',
  );
  const mail = await answer(
    options.alertMail,
    'Whom to send mail when something needs a person?',
    'nobody',
    'alertMail',
  );
  return { store, region, alertMail: mail === 'nobody' ? null : mail, keyFile: await keyOf(terminal, options, asks) };
}

/** What would be wrong with a configuration that says so. */
function problemWith(part: keyof Wishes, text: string): string | null {
  if (part === 'alertMail' && text === 'nobody') return null;
  const wishes: Wishes = { store: proposed.store, region: defaultPolicy.region, alertMail: null, keyFile: null };
  try {
    configOf({ ...wishes, [part]: text }, 'it');
    return null;
  } catch (error) {
    const says = error instanceof Error ? (error.message.split('\n')[1] ?? '').replace(/^.*?: /, '') : '';
    return says.slice(0, 1).toUpperCase() + says.slice(1);
  }
}

/** A key from the environment goes before one in a file: then there is none to make. */
async function keyOf(terminal: Terminal, { key }: Options, asks: boolean): Promise<string | null> {
  if (typeof key === 'string') return key;
  const comesFromElsewhere = Object.values(keyVariables).some((name) => (terminal.env[name] ?? '') !== '');
  if (key === false || comesFromElsewhere) return null;
  const wanted = !asks || (await askWhether(terminal, `Keep secrets encrypted, with a key in ${proposed.key}?`));
  return wanted ? proposed.key : null;
}

async function mockOf(terminal: Terminal, { mock }: Options, asks: boolean): Promise<string | null> {
  if (typeof mock === 'string') return mock;
  if (mock === false) return null;
  const names = await installedFakes(terminal.cwd);
  const [first] = names;
  if (first === undefined || !asks) return first ?? null;
  const answer = await askFor(
    terminal,
    `Try it first with a made-up practice of ${names.join(', ')}, or none?`,
    first,
    (text) => ([...names, 'none'].includes(text) ? null : `One of ${names.join(', ')}, none.`),
  );
  return answer === 'none' ? null : answer;
}

/** Null where it cannot be stored: without a key, or where fakes cannot be made. */
async function storeMocked(terminal: Terminal, { mock, port }: Options, wishes: Wishes, name: string) {
  const { cwd, env } = terminal;
  const [address, key] = [wishes.store, wishes.keyFile];
  const hasKey = key !== null || Object.values(keyVariables).some((variable) => (env[variable] ?? '') !== '');
  // One that was asked for by name and cannot be is an error; one that was only proposed is told of below.
  if (!hasKey || (typeof mock !== 'string' && !(await canFake(name, cwd)))) return null;
  const withKey = key === null ? terminal : { ...terminal, env: { ...env, [keyVariables.file]: resolve(cwd, key) } };
  return await connectMocked(withKey, { address, book: 'default', cwd }, name, port);
}

function doneText(terminal: Terminal, done: Done, port: number): string {
  const { file, key, keyMade, ignored, connector, source } = done;
  const called = calledAs(terminal);
  const lines = [terminal.style('bold', `Wrote ${basename(file)}.`)];
  if (key !== null && keyMade) {
    lines.push(`Made a key in ${key}. Keep a copy in a safe place, apart from the backups of the book.`);
  } else if (key !== null) lines.push(`The key is the one that was there, in ${key}.`);
  if (ignored.length > 0) lines.push(`Added to .gitignore: ${ignored.join(', ')}`);
  if (source !== null && connector !== null) {
    const from = `--from ${printable(connector)}:`;
    lines.push(
      `Stored a connection to a made-up practice: ${printable(source)}`,
      '',
      'To try it, run this in another terminal, and leave it running:',
      `  ${called} mock ${printable(connector)} --port ${port}`,
      'Then, here:',
      ...['doctor', `plan ${from}`, `sync ${from}`, 'runs'].map((command) => `  ${called} ${command}`),
    );
  } else {
    const missing =
      connector === null || key === null ? [] : ['  npm install msw    # to try it with a made-up practice'];
    lines.push('', 'Next:', ...missing, `  ${called} connect ${printable(connector ?? 'xpm')}`, `  ${called} doctor`);
  }
  return `${lines.join('\n')}\n`;
}

function port(text: string): number {
  const n = Number(text);
  if (!/^\d{1,5}$/.test(text) || n < 1 || n > 65_535) {
    throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  }
  return n;
}
