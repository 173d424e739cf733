import { workedExamples } from '@contact-sync/core/testing';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadMock } from '../mocks.js';
import { calledAs, type Terminal } from '../terminal.js';
import { type OutputOptions, wholeNumber, withOutput } from './options.js';

type Options = OutputOptions & {
  readonly port?: number;
  readonly example?: '1' | '2';
  readonly contacts?: number;
  readonly seed?: number;
  readonly fault?: string;
};

export function mockCommand(program: Command, terminal: Terminal): void {
  withOutput(program.command('mock'))
    .argument('<connector>', 'whose system to fake: xpm, …')
    .option('--port <n>', 'the loopback port to listen on; any free one if not given', port)
    .addOption(
      new Option('--example <n>', 'what it holds: a worked example, else a made-up practice')
        .choices(['1', '2'])
        .conflicts(['contacts', 'seed']),
    )
    .option('--contacts <n>', 'how many people the made-up practice has, 40 if not given', wholeNumber)
    .option('--seed <n>', 'another number makes another practice', wholeNumber)
    .option('--fault <name>', 'what is wrong with it; a name that it does not have lists those it has')
    .description("serve a fake of a connector's system on this machine, until Ctrl-C")
    .action(async (name: string, options: Options) => {
      const mock = await loadMock(name, terminal.cwd);
      const records = options.example === undefined ? undefined : workedExamples[Number(options.example) - 1]?.imported;
      const { port, contacts, seed, fault } = options;
      const served = await mock.serve({ records, port, contacts, seed, fault });
      try {
        const { url, settings, env } = served;
        if (options.json) terminal.out(`${JSON.stringify({ url, settings, env }, null, 2)}\n`);
        else terminal.out(`${instructions(terminal, name, settings, env)}\n`);
        await aborted(terminal.signal);
      } finally {
        await served.close();
      }
    });
}

/** What to type to read the fake, ready to be copied. */
function instructions(
  terminal: Terminal,
  name: string,
  settings: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): string {
  const exports = Object.entries(env).map(([variable, value]) => `  export ${variable}=${value}`);
  const sets = Object.entries(settings).map(([setting, value]) => ` --set ${setting}=${value}`);
  return [
    `A fake ${name} is running; Ctrl-C ends it. In another terminal:`,
    ...exports,
    `  ${calledAs(terminal)} plan --from ${name}${sets.join('')} --store sqlite:contacts.db`,
  ].join('\n');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function port(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 65_535)
    throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return n;
}
