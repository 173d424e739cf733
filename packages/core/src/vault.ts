/** What work done under a lock can see and keep. */
export type Held = {
  /** What was saved under the key, or null. */
  readonly value: string | null;
  /** Keeps a value under the key; null takes it away. Fails with `lock_lost` once the lock is another's. */
  readonly save: (value: string | null) => Promise<void>;
  /** Aborts when the lock was lost. */
  readonly signal: AbortSignal;
};

/**
 * Locks and small values beside the books of a store, for runners: one run at a time, tokens. A lock is a lease: it is
 * renewed while its holder works, and another may take it when the holder was silent for longer, because it was killed
 * or frozen. A lock saves work; what protects a book is the version that is checked when a plan is applied.
 */
export interface Vault {
  /** Does the work while no other process does work under this key. Fails with `locked` while another holds it. */
  locked<T>(key: string, work: (held: Held) => Promise<T>): Promise<T>;
  /** What was saved under the key, or null, as it is now: whoever wants to change it looks again under the lock. */
  read(key: string): Promise<string | null>;
  /** The keys that begin so and have a value, in the order of their code points. */
  keys(prefix: string): Promise<string[]>;
  close(): Promise<void>;
}
