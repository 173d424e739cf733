import type { ErrorCode } from '@contact-sync/core';
import { bodies } from './kinds-bodies.js';
import { connections } from './kinds-connections.js';
import { lists } from './kinds-lists.js';
import { statuses } from './kinds-statuses.js';
import type { Wire } from './server.js';
import type { SystemName } from './systems.js';

/**
 * `passes`: the book is the right one. A code: the run ends so, and the book is as it was. `either`: the right book, or
 * `source_incomplete` and the book as it was.
 */
export type Outcome = 'passes' | 'either' | ErrorCode;

export type Kind = {
  readonly name: string;
  /** `once`: the request at the position. `from`: that and all later ones. */
  readonly strikes: 'once' | 'from';
  readonly wire: Wire;
  /** Worked out by hand from the API documents and what HTTP says. */
  readonly outcome: Outcome | Readonly<Partial<Record<SystemName, Outcome>>>;
  /** The run's error must say when to come back. */
  readonly resumes?: true;
  /** The list changes at the position, and nothing is wrong with any answer. */
  readonly change?: 'grows' | 'shrinks';
  /** The token ends at the position, and this is what the sign-in server does. */
  readonly exchange?: (fresh: Readonly<Record<string, unknown>>) => Wire;
};

export const kinds: readonly Kind[] = [...statuses, ...connections, ...bodies, ...lists];

/** Null: the system cannot have it. */
export function outcomeOf({ outcome }: Kind, system: SystemName): Outcome | null {
  return typeof outcome === 'string' ? outcome : (outcome[system] ?? null);
}
