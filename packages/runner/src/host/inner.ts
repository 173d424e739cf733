import { type Connector, ContactSyncError, parsePolicy } from '@contact-sync/core';
import { loadConnector } from '../connectors.js';
import { systemClock } from '../serve/clock.js';
import type { ServedBook } from '../serve/served-book.js';
import type { Service } from '../serve/service.js';
import type { ServeOptions } from '../serve/types.js';
import type { HostEvent } from './types.js';

export type HostOptions = Pick<ServeOptions, 'env' | 'cwd' | 'signal' | 'clock' | 'load'>;

/** A book of the service, and all that is needed to do something to it. */
export type Inner = {
  readonly service: Service;
  readonly book: ServedBook;
  readonly options: HostOptions;
  readonly tell: (event: HostEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly load: (connector: string) => Promise<Connector>;
};

export function innerOf(service: Service, book: ServedBook, options: HostOptions, tell: Inner['tell']): Inner {
  const { clock = systemClock, load = loadConnector, cwd } = options;
  return { service, book, options, tell, now: clock.now, load: (name) => load(name, cwd) };
}

export async function storeOf({ book }: Inner) {
  return (await book.opened()).store;
}

export function isoNow({ now }: Inner): string {
  return new Date(now()).toISOString();
}

/** Where a phone without a country code is. */
export function regionOf({ book }: Inner): string {
  return parsePolicy(book.served.policy ?? {}).region;
}

/** As a person calls the system of a source. A connector that is not installed has no better name than its own. */
export async function titleOf(inner: Inner, source: string): Promise<{ name: string; title: string }> {
  const name = inner.book.connections.get(source)?.stored?.connector ?? source.split(':')[0] ?? source;
  return { name, title: (await connectorIfAny(inner, name))?.title ?? name };
}

/** The connector, where it is installed and is one. */
export async function connectorIfAny({ load }: Inner, name: string): Promise<Connector | null> {
  try {
    return await load(name);
  } catch (error) {
    if (ContactSyncError.is(error)) return null;
    throw error;
  }
}

/** The store, once the history up to now is known: whatever comes then is news, and is told. */
export async function storeToChange({ book }: Inner) {
  await book.lastRuns('');
  return (await book.opened()).store;
}

/** Sees to it that what was just changed is known and told at once. */
export async function noticed({ service, book }: Inner): Promise<void> {
  try {
    await service.look(book);
  } catch {
    // It is done. A store that does not answer now is the service's problem, and its next look sees what is new.
  }
}
