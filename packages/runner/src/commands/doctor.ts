import type { Command } from 'commander';
import { type Configured, configure, missingForAlerts, type withOwnEnv } from '../config/apply.js';
import { loadStored } from '../connections/open-stored.js';
import { withVault } from '../connections/vaults.js';
import { type Check, failedBy, ok, warning } from '../doctor/check.js';
import { checkConnection } from '../doctor/check-connection.js';
import { checkKeys } from '../doctor/check-keys.js';
import { checkStore } from '../doctor/check-store.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { checkText, summaryText } from '../show/checks.js';
import type { Place } from '../stores.js';
import type { Terminal } from '../terminal.js';
import { placeOf, type StoreOptions, withStore } from './options.js';

/** The terminal is the one whose environment a configuration adds to: here a broken one is told like anything else. */
export function doctorCommand(
  program: Command,
  terminal: ReturnType<typeof withOwnEnv>,
  finish: (code: ExitCode) => void,
): void {
  withStore(program.command('doctor'))
    .description(
      'check configuration, store, keys, tokens, tenants, limits, clock and connectivity, and say what to do',
    )
    .addHelpText(
      'after',
      '\nIt reads one page of each stored connection, and changes nothing.\nIt ends with 1 if something is to be mended.\n',
    )
    .action(async (options: StoreOptions, command: Command) => {
      const checks: Check[] = [];
      for await (const check of checksOf(terminal, command)) {
        checks.push(check);
        if (!options.json) terminal.out(checkText(terminal, check));
      }
      const well = checks.every(({ state }) => state !== 'failed');
      if (options.json) terminal.out(`${JSON.stringify({ ok: well, checks }, null, 2)}\n`);
      else terminal.out(summaryText(terminal, checks));
      finish(well ? exitCodes.done : exitCodes.failed);
    });
}

async function* checksOf(terminal: ReturnType<typeof withOwnEnv>, command: Command): AsyncGenerator<Check, void, void> {
  const about = { area: 'configuration', source: null } as const;
  try {
    yield* configurationChecks(terminal, await configure(command, terminal));
  } catch (error) {
    yield failedBy(about, error);
    return;
  }
  const place = placeOf(terminal, command.opts<StoreOptions>());
  let usable = false;
  try {
    usable = yield* checkStore(place);
  } catch (error) {
    yield failedBy({ area: 'store', source: null }, error);
  }
  yield* usable ? await connectionChecks(terminal, place) : (await checkKeys(terminal, null, place.book)).checks;
}

function* configurationChecks(terminal: Terminal, configured: Configured | null): Generator<Check, void, void> {
  const about = { area: 'configuration', source: null } as const;
  if (configured === null) {
    yield warning(about, 'There is none: flags and the environment say everything.', 'To make one: contact-sync init');
    return;
  }
  yield ok(about, `${configured.file} can be used.`);
  const missing = missingForAlerts(configured.config, terminal.env);
  if (missing.length > 0) {
    yield warning(
      { area: 'alerts', source: null },
      `Alerts cannot be sent: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set.`,
      'Set it in the environment of the service, not in a file that is shared.',
    );
  }
}

async function connectionChecks(terminal: Terminal, place: Place): Promise<readonly Check[]> {
  return await withVault(place, 'write', async (vault) => {
    const { checks: ofKeys, keys, sources } = await checkKeys(terminal, vault, place.book);
    const checks: Check[] = [...ofKeys];
    if (keys === null) return checks;
    const sealed = sealedVault(vault, keys);
    for (const source of sources) {
      try {
        const stored = await loadStored(terminal, { vault, keys, sealed }, place.book, source);
        for await (const check of checkConnection(terminal, sealed, stored)) checks.push(check);
      } catch (error) {
        checks.push(failedBy({ area: 'connection', source }, error));
      }
    }
    return checks;
  });
}
