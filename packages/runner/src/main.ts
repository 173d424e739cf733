import { asContactSyncError, ContactSyncError, errorCodes } from '@contact-sync/core';
import { Command, CommanderError } from 'commander';
import { connectCommand } from './commands/connect.js';
import { connectionsCommands } from './commands/connections.js';
import { contactsCommand } from './commands/contacts.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { addExamples } from './commands/examples.js';
import { explainCommand } from './commands/explain.js';
import { fleetCommands } from './commands/fleet.js';
import { initCommand } from './commands/init.js';
import { keysCommand } from './commands/keys.js';
import { mockCommand } from './commands/mock.js';
import { openCommand } from './commands/open.js';
import { planCommand } from './commands/plan.js';
import { runsCommand } from './commands/runs.js';
import { serveCommand } from './commands/serve.js';
import { syncCommand } from './commands/sync.js';
import { approveCommand, undoCommand } from './commands/undo.js';
import { workerCommand } from './commands/worker.js';
import { configure, takesConfig, withOwnEnv } from './config/apply.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { errorJson, errorText } from './show/errors.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

/** The command line, from its arguments to the code the process ends with. Rejects never. */
export async function main(args: readonly string[], given: Terminal): Promise<ExitCode> {
  const terminal = withOwnEnv(args.includes('--quiet') ? quiet(given, args) : given);
  let code: ExitCode = exitCodes.done;
  const finish = (ending: ExitCode) => {
    code = ending;
  };
  const program = new Command('contact-sync')
    .description('Keep a contact book equal to a practice management system, and explain every decision.')
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, getOutHelpWidth: () => terminal.width })
    .showHelpAfterError('(add --help for what this command takes)')
    .addHelpText('after', '\nTry it without any account:\n  contact-sync demo\n');
  program.hook('preAction', async (_, command) => {
    // The doctor looks at the configuration itself.
    if (takesConfig(command) && command.name() !== 'doctor') await configure(command, terminal);
  });
  planCommand(program, terminal, finish);
  syncCommand(program, terminal, finish);
  explainCommand(program, terminal);
  contactsCommand(program, terminal);
  initCommand(program, terminal);
  doctorCommand(program, terminal, finish);
  connectCommand(program, terminal);
  connectionsCommands(program, terminal);
  keysCommand(program, terminal);
  runsCommand(program, terminal);
  approveCommand(program, terminal);
  undoCommand(program, terminal);
  serveCommand(program, terminal);
  openCommand(program, terminal);
  workerCommand(program, terminal);
  fleetCommands(program, terminal);
  mockCommand(program, terminal);
  demoCommand(program, terminal);
  addExamples(program);

  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said already what is wrong with the arguments.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      if (args.includes('--json')) terminal.out(`${JSON.stringify(errorJson(usageError(error)), null, 2)}\n`);
      return exitCodes.usage;
    }
    const failure = asContactSyncError(error);
    if (args.includes('--json')) terminal.out(`${JSON.stringify(errorJson(failure), null, 2)}\n`);
    terminal.err(errorText(terminal, failure, args.includes('--verbose')));
    return errorCodes[failure.code]?.kind === 'usage' ? exitCodes.usage : exitCodes.failed;
  }
}

/** Only errors, and what programs asked for. */
function quiet(terminal: Terminal, args: readonly string[]): Terminal {
  const out = args.includes('--json') ? terminal.out : () => undefined;
  return { ...terminal, out, showsProgress: false };
}

function usageError({ message }: CommanderError): ContactSyncError {
  return new ContactSyncError('usage', message.replace(/^error: /, ''), {
    hint: 'Add --help for what the command takes.',
  });
}
