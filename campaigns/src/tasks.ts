import type { Address, SqliteAddress } from './target.js';

/** What a child process says on its way. */
export type Word = 'ready' | 'applying' | 'applied' | 'overtaken' | 'done';
export type FullDiskTask = SyncTask & {
  readonly address: SqliteAddress;
  readonly mount: string;
  readonly original: string;
  readonly freePages: number;
};
/** `stopAtLook`: the process stops itself when the store looks at the plan's decisions for that time; 0: never. */
export type SyncTask = {
  readonly stopAtLook?: number;
  readonly address: Address;
  readonly seed: number;
  readonly state: number;
  readonly size: number;
};

/** Several syncs, each of the state of the practice at its moment. `states`: a folder that counts them. */
export type SyncsTask = {
  readonly address: Address;
  readonly seed: number;
  readonly size: number;
  readonly syncs: number;
  readonly states: string;
};

/** Work with a token until the server ends it. `id`: which of the processes this is. */
export type WorkTask = { readonly address: Address; readonly url: string; readonly id: number };

/** One renewal. `stopAtStep`: the process stops itself there; 0: never. Times in milliseconds. */
export type RenewTask = {
  readonly address: Address;
  readonly url: string;
  readonly leaseMs: number;
  readonly graceMs: number;
  readonly stopAtStep: number;
};

/** The user and the group that own nothing. */
export const nobody = 65_534;
