/** Sources whose records come, go and change while a walk goes on. */
import {
  type ConnectionKind,
  type ContactSource,
  ContactSyncError,
  type Details,
  type RawRecord,
  tenantOf,
} from '../src/index.js';
import { memorySource } from '../src/testing/index.js';

/** Two tenants of one system, another system, and one whose records become external contacts. */
export const sources = ['xpm:one', 'xpm:two', 'fyi:one', 'bgl:one'] as const;
export type SourceName = (typeof sources)[number];

export function kindOf(source: SourceName): ConnectionKind {
  return source === 'bgl:one' ? 'external' : 'contact-sync';
}

export const externalIds = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;

/** Few people, so that they meet often; some written in two ways, one with a phone that is not valid. */
const names = ['Ann Lee', 'Bob Ray', 'Cy Poe', 'ANN  LEE'] as const;
const emails = ['ann@x.au', 'bob@x.au', 'cy@x.au', 'Ann@X.au'] as const;
const phones = [null, null, '0400 000 001', '+61400000001', '0400 000 002', '12'] as const;

export function pick<T>(list: readonly T[], n: number): T {
  const item = list[n % list.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** Mostly somebody's own email. */
export function said(n: number): Details {
  const person = n % 3;
  const spelling = Math.floor(n / 3) % 5;
  const mixed = Math.floor(n / 15) % 4 === 0;
  return {
    name: person === 0 && spelling === 0 ? pick(names, 3) : pick(names, person),
    email: mixed ? pick(emails, Math.floor(n / 60)) : pick(emails, person),
    phone: pick(phones, Math.floor(n / 7)),
  };
}

export class Records {
  #records: RawRecord[] = [];
  constructor(
    readonly source: SourceName,
    start: number,
  ) {
    for (let at = 0; at < start % 8; at += 1) this.change(0, at, start + at * 37);
  }

  get all(): readonly RawRecord[] {
    return this.#records;
  }

  /** One change, as it happens at a source. */
  change(how: number, which: number, what: number): void {
    const externalId = pick(externalIds, which);
    const at = this.#records.findIndex((record) => record.externalId === externalId);
    const old = this.#records[at];
    if (old === undefined) {
      this.#records.push({ externalId, ...said(what) });
      return;
    }
    const replace = (record: RawRecord) => this.#records.splice(at, 1, record);
    const { name, email, phone } = said(what);
    const changes: (() => void)[] = [
      () => replace({ ...old, name }),
      () => replace({ ...old, phone }),
      () => replace({ ...old, phone: null }),
      () => replace({ ...old, name: `${name} Jr`, email: `jr.${email}` }),
      () => replace({ ...old, ...said(what) }),
      () => replace({ ...old, name: `${name} II`, email: `ii.${email}` }),
      () => this.#records.splice(at, 1),
      () => this.#records.splice(0, 3),
      () => replace({ ...old, email: 'no address' }),
      () => this.#records.push({ ...old, name: `${old.name} II` }),
      () => this.#records.push({ ...old }),
      () => this.#records.push({ ...old, externalId: ' ' }),
      // What is wrong with the list is put right.
      () => {
        const first = new Map([...this.#records].reverse().map((record) => [record.externalId, record]));
        this.#records = [...first.values()].filter((record) => record.externalId.trim() !== '');
      },
    ];
    pick(changes, how)();
  }

  connector(options: { tenant?: string; fails?: boolean } = {}): ContactSource {
    const { tenant = tenantOf(this.source), fails = false } = options;
    return memorySource({
      source: this.source,
      tenant,
      records: this.#records,
      pageSize: 2,
      beforePage: ({ number }) => {
        const isLast = number * 2 >= this.#records.length;
        if (fails && isLast) throw new ContactSyncError('source_unreachable', 'The line went dead.', { hint: 'Wait.' });
      },
    });
  }
}
