import { resolve } from 'node:path';
import type { Command } from 'commander';
import { withSecrets } from '../connections/vaults.js';
import { keyVariables } from '../secrets/key-sources.js';
import { newKey } from '../secrets/keys.js';
import { rotate } from '../secrets/sealed-vault.js';
import type { Terminal } from '../terminal.js';
import { newFile } from './new-file.js';
import { type OutputOptions, placeOf, type StoreOptions, withOutput, withStore } from './options.js';

export function keysCommand(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('the key that stored secrets are encrypted with');

  withOutput(keys.command('new'))
    .option('--file <path>', 'write it to a new file that only you can read, instead of showing it')
    .description('make a key')
    .action(async (options: OutputOptions & { readonly file?: string }) => {
      if (options.file === undefined) {
        const key = newKey();
        return terminal.out(options.json ? `${JSON.stringify({ key }, null, 2)}\n` : `${key}\n`);
      }
      const file = resolve(terminal.cwd, options.file);
      await writeKey(file);
      if (options.json) return terminal.out(`${JSON.stringify({ file }, null, 2)}\n`);
      terminal.out(
        `The key is in ${file}. Use it: export ${keyVariables.file}=${file}\nKeep a copy in a safe place, apart from the backups of the store: without it, what is stored cannot be read.\n`,
      );
    });

  withStore(keys.command('rotate'))
    .description('encrypt everything that is stored anew, with the first of the keys')
    .addHelpText(
      'after',
      '\nPut the new key first and leave the old one behind it; rotate; then take the old one away.\nIt may be stopped and run again at any time.\n',
    )
    .action(async (options: StoreOptions) => {
      const done = await withSecrets(terminal, placeOf(terminal, options), 'write', ({ vault, keys: ring }) =>
        rotate(vault, ring),
      );
      if (options.json) return terminal.out(`${JSON.stringify(done, null, 2)}\n`);
      terminal.out(
        `Encrypted anew: ${done.sealed}. With the first key already: ${done.already}. The older keys are not needed for this store any more.\n`,
      );
    });
}

/** A key in a file of its own, which nobody else may read. */
export async function writeKey(file: string): Promise<void> {
  await using handle = await newFile(
    file,
    'It may hold the key to what is stored: name another file, or add a line to it by hand.',
  );
  await handle.writeFile(`${newKey()}\n`);
}
