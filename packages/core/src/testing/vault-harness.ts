import type { VaultTiming } from '../lease-vault.js';
import type { Vault } from '../vault.js';

/** What a vault's author writes to run the kit. */
export type VaultHarness = {
  /** A new, empty vault, which takes its time from `timing.clock` alone. */
  open(timing: VaultTiming): Promise<Vault>;
  /**
   * The same locks and values once more, as another process would open them, with a clock of its own. Also called with
   * vaults that are closed by then.
   */
  again(vault: Vault, timing: VaultTiming): Promise<Vault>;
};

export type VaultCase = {
  /** Stable, for people to talk about: `one-at-a-time`. */
  readonly id: string;
  /** What a vault must do, as a sentence. */
  readonly name: string;
  /** Rejects, with what was expected and what came, if the vault does not do it. */
  run(harness: VaultHarness): Promise<void>;
};
