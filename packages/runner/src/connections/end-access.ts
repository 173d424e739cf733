import type { Place } from '../stores.js';
import type { Terminal } from '../terminal.js';
import { connecting, removeStored } from './grants.js';
import { storedSources } from './stored.js';
import { keysIfAny, withVault } from './vaults.js';

/** Removes what is stored to read a source. False where nothing is. */
export async function endAccess(terminal: Terminal, place: Place, source: string): Promise<boolean> {
  return await withVault(place, 'write', async (vault) => {
    if (!(await storedSources(vault, place.book)).includes(source)) return false;
    const keys = await keysIfAny(terminal);
    await connecting(vault, place.book, () => removeStored(vault, keys, place.book, source));
    return true;
  });
}
