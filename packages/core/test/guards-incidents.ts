/** What guards are tried on: a book, a source, and how the run is tried. Numbers are worked out by hand where they are used. */
import {
  asContactSyncError,
  type Connection,
  type Contact,
  type ContactSource,
  type ContactStore,
  memoryStore,
  type Page,
  type Plan,
  type PolicyInput,
  parsePolicy,
  planImport,
  planSync,
  type RawRecord,
  type Run,
  readAll,
} from '../src/index.js';
import { memorySource } from '../src/testing/index.js';

export const S = 'xpm:t';
export const at = '2026-03-01T00:00:00.000Z';

/** The records `1` to `n`, as long as nothing happens to them. */
export function records(n: number, change: (record: RawRecord, index: number) => RawRecord = (same) => same) {
  return Array.from({ length: n }, (_, index) => {
    const id = index + 1;
    const record = { externalId: String(id), name: `Person ${id}`, email: `p${id}@x.au`, phone: phoneOf(id) };
    return change(record, index);
  });
}

/** Valid Australian mobiles. */
function phoneOf(id: number): string {
  return `+61400${String(id).padStart(6, '0')}`;
}

/** Their contacts as a sync made them. */
export function synced(n: number, values: Partial<Contact> = {}): Contact[] {
  return records(n).map(({ externalId, ...details }) => ({
    id: externalId,
    ...{ name: details.name ?? '', email: details.email ?? '', phone: details.phone },
    recordType: 'contact-sync',
    forcedManual: false,
    link: { source: S, externalId },
    missingSince: null,
    ...values,
  }));
}

export function manual(n: number, values: Partial<Contact> = {}): Contact[] {
  return synced(n, { recordType: 'manual', link: null, ...values });
}

/** A source that hands over these, all of them, and says so. */
export function complete(list: readonly RawRecord[], more: Partial<Parameters<typeof memorySource>[0]> = {}) {
  return memorySource({ source: S, records: list, ...more });
}

/** A source in its own words, for connectors that do not keep to the interface. */
export function saying(read: () => AsyncGenerator<unknown, unknown, void>): ContactSource {
  return { source: S, read: read as ContactSource['read'] };
}

export function page(list: readonly unknown[]): Page {
  return { records: list as readonly RawRecord[], unreadable: [], skipped: {} };
}

export async function bookOf(contacts: readonly Contact[], connections: readonly Connection[] = []) {
  const store = memoryStore();
  const plan = planImport(contacts, { base: 0, at, actor: 'test' });
  const known = connections.map((after) => ({ before: null, after }));
  const others = plan.connections.filter(({ after }) => !connections.some(({ source }) => source === after?.source));
  await store.apply({ ...plan, connections: [...others, ...known] });
  return store;
}

export type Tried =
  | { readonly outcome: 'failed'; readonly code: string }
  | { readonly outcome: Run['outcome']; readonly plan: Plan; readonly run: Run };

/** A run as a runner does it: read all, decide all, look at the guards, then write once or not at all. */
export async function tryRun(
  store: ContactStore,
  source: ContactSource,
  options: { policy?: PolicyInput; kind?: Connection['kind']; signal?: AbortSignal } = {},
): Promise<Tried> {
  const { policy = {}, kind, signal } = options;
  let plan: Plan;
  try {
    const read = await readAll(source, { signal });
    const ofKind = kind === undefined ? {} : { kind };
    plan = await planSync(store, { read, policy: parsePolicy(policy), at, actor: 'test', ...ofKind });
  } catch (error) {
    return { outcome: 'failed', code: asContactSyncError(error).code };
  }
  const isBlocked = plan.blocked.length > 0;
  const run = isBlocked ? await store.record(plan, { outcome: 'blocked' }) : await store.apply(plan);
  return { outcome: run.outcome, plan, run };
}

/** `source_empty 20/20`, in the order of codes; or `failed: source_timeout`. */
export function verdictOf(tried: Tried): string {
  if (!('plan' in tried)) return `failed: ${tried.code}`;
  const trips = tried.plan.blocked.map(({ guard, count, of }) => `${guard} ${count}/${of}`).sort();
  return trips.join(', ') || tried.outcome;
}
