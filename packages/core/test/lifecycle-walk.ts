/** A walk: one book, its sources, and whatever people do with them, with every law looked at after every step. */
import { expect } from 'vitest';
import {
  type Approval,
  type Contact,
  type ContactSource,
  type ContactStore,
  ContactSyncError,
  memoryStore,
  type Plan,
  parsePlan,
  planAdd,
  planApproveHeld,
  planDisconnect,
  planEdit,
  planForceManual,
  planHash,
  planLink,
  planPause,
  planRead,
  planRelease,
  planResume,
  planSync,
  planToNdjson,
  planUndo,
  type Read,
  type RowsToKeep,
  type Run,
  readAll,
  rowComparison,
} from '../src/index.js';
import { compareBooks, comparePlans, mustAgree, withoutFingerprints } from './engine.js';
import {
  after,
  byId,
  checkBook,
  checkPlan,
  checkSync,
  checkUndo,
  inOrder,
  orderless,
  type Snapshot,
  snapshotOf,
} from './lifecycle-laws.js';
import { externalIds, kindOf, pick, Records, type SourceName, said, sources } from './lifecycle-sources.js';
import type { Step, Walk } from './lifecycle-steps.js';
import { oracle, type World } from './oracle.js';
import { rawSource } from './raw-source.js';

/** Mostly one source, so that a walk gets somewhere with it. */
const mostly = [...sources, sources[0], sources[0], sources[0]] as const;

const blameless = new Set(['not_found', 'contact_read_only', 'setting_invalid', 'plan_invalid']);

/** Of a list that begins with the newest: mostly one of the newest, or any. */
function recent<T>(list: readonly T[], n: number): T | undefined {
  return list[n % (n % 4 === 0 ? list.length : Math.min(list.length, 3))];
}

export class Walker {
  readonly store: ContactStore = memoryStore();
  /** A second book, to which every plan comes as text. */
  readonly twin: ContactStore = memoryStore();
  readonly records: ReadonlyMap<SourceName, Records>;
  readonly forgotten = new Map<string, Set<string>>();
  /** What happened, as `doing outcome`. */
  readonly seen: string[] = [];
  #blocked: { plan: Plan; run: Run; read: Read }[] = [];
  #oldPlans: Plan[] = [];
  #clock = 0;

  constructor(readonly walk: Walk) {
    this.records = new Map(sources.map((name, index) => [name, new Records(name, walk.seed + index * 11)]));
  }

  async go(): Promise<void> {
    for (const step of this.walk.steps) {
      const before = await snapshotOf(this.store);
      this.#clock += 1;
      await this.#take(step, before);
      const now = await snapshotOf(this.store);
      checkBook(now);
      expect(await snapshotOf(this.twin)).toEqual(now);
      if (step.does !== 'undo' && step.does !== 'forget') {
        const left = byId(now.book);
        for (const { id } of before.book) expect(left.has(id), `${step.does} lost contact ${id}`).toBe(true);
      }
    }
  }

  async #take({ does, a, b, c }: Step, before: Snapshot): Promise<void> {
    const { store } = this;
    const source = pick(mostly, a);
    const contact = before.book[a % Math.max(1, before.book.length)];
    const signature = this.#signature();
    switch (does) {
      case 'change':
        this.#records(source).change(b, c, a + b + c);
        return;
      case 'sync':
        return await this.#sync(source, before);
      case 'failing':
        return await this.#fail(source, before);
      case 'otherTenant':
        return await this.#otherTenant(source, before);
      case 'approve':
        return await this.#approve(b, before);
      case 'undo':
        return await this.#undo(b, before);
      case 'forget':
        return contact === undefined ? undefined : await this.#forget(contact);
      case 'stale':
        return await this.#stale(b, before);
      case 'approveHeld':
        return await this.#approveHeld(b, before);
      case 'disconnect':
        return await this.#person(does, before, () => planDisconnect(store, source, signature));
      case 'pause':
        return await this.#person(does, before, () => planPause(store, source, signature));
      case 'resume':
        return await this.#person(does, before, () => planResume(store, source, signature));
      case 'add':
        return await this.#person(does, before, () => planAdd(store, said(b), 'AU', signature));
    }
    if (contact === undefined) return;
    const link = { source: pick(sources.slice(0, 3), b), externalId: pick(externalIds, c) };
    if (does === 'edit') {
      const changes = b % 2 === 0 ? { name: `${contact.name} E` } : said(c);
      await this.#person(does, before, () => planEdit(store, contact.id, changes, 'AU', signature));
      return;
    }
    if (does === 'force') return await this.#person(does, before, () => planForceManual(store, contact.id, signature));
    if (does === 'release') return await this.#person(does, before, () => planRelease(store, contact.id, signature));
    await this.#person(does, before, () => planLink(store, contact.id, link, signature));
  }

  // ---- Syncs ----

  async #sync(source: SourceName, before: Snapshot): Promise<void> {
    if (before.connections.some((one) => one.source === source && one.state === 'paused')) return;
    const read = await readAll(this.#records(source).connector());
    const plan = await this.#planSync(read, before);
    const rows = await this.#passing(plan, this.#records(source).connector());
    if (plan.blocked.length > 0) await this.#block(plan, read, before);
    else await this.#applySync(plan, read, before, undefined, rows);
  }

  /** The same plan, whether rows that the book knows are read or not, and however contacts are looked up then. */
  async #passing(plan: Plan, connector: ContactSource): Promise<RowsToKeep | undefined> {
    const { store } = this;
    const { policy } = this.walk;
    // One source hands over bytes.
    const source = connector.source === 'xpm:one' ? rawSource(connector) : connector;
    let rows: RowsToKeep | null = null;
    for (const lookUp of ['each', 'all'] as const) {
      const kept = await store.rows?.(source.source);
      if (kept === undefined) throw new Error('The store in memory keeps rows.');
      const read = await readAll(source, { comparison: rowComparison(kept, policy) });
      const kind = kindOf(read.source as SourceName);
      const planned = await planRead(store, { read, kind, policy, at: this.#at(), actor: 'walker', lookUp });
      expect(planned?.plan, `passing over what is known, ${lookUp}`).toEqual(plan);
      rows = planned?.rowsToKeep() ?? null;
      if ((read.compared?.known.passed() ?? 0) > 0) this.seen.push(`rows passed over, ${lookUp}`);
      if ((read.compared?.known.repeats.size ?? 0) > 0) this.seen.push('rows repeated');
      if (rows !== null) this.seen.push(rows.instead ? 'rows kept instead' : 'rows kept beside');
    }
    return rows ?? undefined;
  }

  /** The plan of a sync, with all that can be said of it before it is applied. */
  async #planSync(read: Read, before: Snapshot): Promise<Plan> {
    const plan = await this.#plain(read);
    checkPlan(plan, before);
    // Contacts that were edited, forced, released, undone or restored are never skipped.
    expect(await this.#plain(read, withoutFingerprints(this.store))).toEqual(plan);
    const backwards = { ...read, records: [...read.records].reverse() };
    expect(orderless(await this.#plain(backwards), before)).toEqual(orderless(plan, before));
    const world = this.#world(read, before, plan);
    mustAgree(world, comparePlans(oracle(world), plan), 'on a walk');
    expect(await snapshotOf(this.store), 'planning writes nothing').toEqual(before);
    return plan;
  }

  async #applySync(plan: Plan, read: Read, before: Snapshot, approval?: Approval, rows?: RowsToKeep) {
    await this.#apply(plan, before, approval, rows);
    const now = await snapshotOf(this.store);
    checkSync(plan, read, before, now);
    const world = this.#world(read, before, plan);
    mustAgree(world, compareBooks(oracle(world), now.book), 'on a walk, applied');
    for (const { before: from, after: to } of plan.decisions) {
      const isNew = to !== null && from?.link?.externalId !== to.link?.externalId;
      const back = isNew && this.forgotten.get(read.source)?.has(to.link?.externalId ?? '');
      expect(back ?? false, 'a forgotten person came back').toBe(false);
    }
    // A second identical sync writes nothing.
    const again = await this.#plain(read);
    const same = this.#records(read.source as SourceName).all.length === read.records.length;
    if (approval === undefined && same)
      await this.#passing(again, this.#records(read.source as SourceName).connector());
    const run = await this.#both((store, text) => store.apply(text ? parsePlan(planToNdjson(again)) : again));
    expect(run.outcome).toBe('unchanged');
    expect(await snapshotOf(this.store)).toEqual(now);
  }

  async #block(plan: Plan, read: Read, before: Snapshot): Promise<Run> {
    const run = await this.#both((store) => store.record(plan, { outcome: 'blocked' }));
    this.#blocked.push({ plan, run, read });
    expect(await snapshotOf(this.store)).toEqual(before);
    this.seen.push(...plan.blocked.map(({ guard }) => guard));
    return run;
  }

  async #approve(which: number, before: Snapshot): Promise<void> {
    const one = recent([...this.#blocked].reverse(), which);
    if (one === undefined) return;
    const approval = { run: one.run.id, ...this.#signature() };
    const tampered = { ...one.plan, actor: 'somebody else' };
    await this.#refused(before, 'plan_invalid', () => this.store.apply(tampered, approval));
    const approved = (await this.store.runs({ limit: 1000 })).runs.some(({ approves }) => approves === one.run.id);
    if (approved) return await this.#refused(before, 'plan_invalid', () => this.store.apply(one.plan, approval));
    if (one.plan.base !== before.version) {
      await this.#refused(before, null, () => this.store.apply(one.plan, approval));
      this.seen.push('approve stale');
      return;
    }
    await this.#applySync(one.plan, one.read, before, approval);
    await this.#refused(await snapshotOf(this.store), 'plan_invalid', () => this.store.apply(one.plan, approval));
    this.seen.push('approve applied');
  }

  async #fail(source: SourceName, before: Snapshot): Promise<void> {
    await this.#refused(before, 'source_unreachable', () =>
      readAll(this.#records(source).connector({ fails: true })).then((read) => this.#plain(read)),
    );
    this.seen.push('failing failed');
  }

  async #otherTenant(source: SourceName, before: Snapshot): Promise<void> {
    const read = await readAll(this.#records(source).connector({ tenant: 'somebody' }));
    const plan = await this.#planSync(read, before);
    expect(plan.blocked.map(({ guard }) => guard)).toContain('tenant_changed');
    const run = await this.#block(plan, read, before);
    // What it holds is not for approval one by one: it may be about people of another tenant.
    for (const { reason, externalId } of plan.decisions) {
      if (reason !== 'held_identity_change') continue;
      await this.#refused(before, 'plan_invalid', () =>
        planApproveHeld(this.store, run.id, externalId ?? '', this.#signature()),
      );
    }
    this.seen.push('otherTenant blocked');
  }

  // ---- People ----

  async #person(doing: string, before: Snapshot, make: () => Promise<Plan>): Promise<void> {
    let plan: Plan;
    try {
      plan = await make();
    } catch (error) {
      if (!ContactSyncError.is(error) || !blameless.has(error.code)) throw error;
      expect(error.hint).not.toBe('');
      this.seen.push(`${doing} ${error.code}`);
      return;
    }
    checkPlan(plan, before);
    expect(await snapshotOf(this.store), 'planning writes nothing').toEqual(before);
    for (const { before: from, after: to } of plan.decisions) {
      const readOnly = from !== null && (from.recordType === 'external' || doing === 'edit');
      if (!readOnly || (from.recordType !== 'external' && (from.forcedManual || from.recordType === 'manual')))
        continue;
      expect(to, 'read-only contacts stay as they are').toEqual(from);
    }
    await this.#apply(plan, before);
    this.seen.push(`${doing} done`);
  }

  async #approveHeld(which: number, before: Snapshot): Promise<void> {
    const held: [string, string][] = [];
    for (const { id } of (await this.store.runs({ limit: 1000 })).runs) {
      for await (const { reason, externalId } of this.store.decisions(id)) {
        if (reason === 'held_identity_change') held.push([id, externalId ?? '']);
      }
    }
    const [run, externalId] = recent(held, which) ?? [];
    if (run === undefined || externalId === undefined) return;
    await this.#person('approveHeld', before, () => planApproveHeld(this.store, run, externalId, this.#signature()));
  }

  async #undo(which: number, before: Snapshot): Promise<void> {
    const { runs } = await this.store.runs({ limit: 1000 });
    const run = recent(
      runs.filter(({ outcome, kind }) => outcome === 'applied' && kind !== 'forget'),
      which,
    );
    if (run === undefined) return;
    const undone = [];
    for await (const decision of this.store.decisions(run.id)) undone.push(decision);
    const plan = await planUndo(this.store, run.id, this.#signature());
    checkPlan(plan, before);
    await this.#apply(plan, before);
    checkUndo(undone, before, await snapshotOf(this.store));
    const partly = plan.decisions.some(({ flags }) => flags.includes('changed_since'));
    this.seen.push(`undo of ${run.kind}`, partly ? 'undo partly' : 'undo wholly');
  }

  async #forget({ id, link }: Contact): Promise<void> {
    await this.#both((store) => store.forget(id, this.#signature()));
    if (link !== null) {
      const ofSource = this.forgotten.get(link.source) ?? new Set();
      this.forgotten.set(link.source, ofSource.add(link.externalId));
    }
    for (const run of (await this.store.runs({ limit: 1000 })).runs) {
      for await (const { before, after: to, externalId } of this.store.decisions(run.id)) {
        const sides = [before, to].filter((side) => side !== null);
        expect(sides.some((side) => side.id === id)).toBe(false);
        if (link === null) continue;
        const isLinked = (side: Contact) =>
          side.link?.source === link.source && side.link.externalId === link.externalId;
        expect(sides.some(isLinked)).toBe(false);
        expect(run.source === link.source && externalId === link.externalId).toBe(false);
      }
    }
    this.seen.push('forget done');
  }

  async #stale(which: number, before: Snapshot): Promise<void> {
    const old = this.#oldPlans.filter(({ base }) => base !== before.version);
    const plan = old[which % Math.max(1, old.length)];
    if (plan === undefined) return;
    await this.#refused(before, 'store_conflict', () => this.store.apply(plan));
    this.seen.push('stale refused');
  }

  // ---- What all of them need ----

  /** Applies a plan, and looks at what undoing it at once would do. */
  async #apply(plan: Plan, before: Snapshot, approval?: Approval, rows?: RowsToKeep): Promise<void> {
    this.#oldPlans.push(plan);
    const read = parsePlan(planToNdjson(plan));
    expect(read).toEqual(plan);
    const run = await this.#both((store, text) => store.apply(text ? read : plan, approval, text ? undefined : rows));
    expect(run.hash).toBe(planHash(plan));
    const now = await snapshotOf(this.store);
    const expected = after(before, plan);
    expect(inOrder(now.book)).toEqual(inOrder(expected.book));
    expect(now.version).toBe(run.outcome === 'applied' ? before.version + 1 : before.version);
    this.seen.push('plan applied as it is and from its text');
    if (run.outcome !== 'applied') return;

    this.seen.push('plan undone at once');
    const undo = await planUndo(this.store, run.id, this.#signature());
    const undone = after(now, undo);
    expect(undo.decisions.flatMap(({ flags }) => flags)).toEqual([]);
    expect(inOrder(undone.book), 'undo gives back the same contacts and links').toEqual(inOrder(before.book));
    const states = (list: Snapshot['connections']) => list.map(({ source, state }) => `${source} ${state}`).sort();
    // The connection of a sync is paused; any other is what it was.
    const paused = states(now.connections).map((text) =>
      text === `${plan.source} connected` ? `${plan.source} paused` : text,
    );
    expect(states(undone.connections)).toEqual(plan.kind === 'sync' ? paused : states(before.connections));
  }

  async #both(work: (store: ContactStore, text: boolean) => Promise<Run>): Promise<Run> {
    const run = await work(this.store, false);
    expect(await work(this.twin, true)).toEqual(run);
    return run;
  }

  async #refused(before: Snapshot, code: string | null, work: () => Promise<unknown>): Promise<void> {
    const error = await work().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(ContactSyncError.is(error), `expected a refusal${code === null ? '' : ` ${code}`}`).toBe(true);
    if (ContactSyncError.is(error) && code !== null) expect(error.code).toBe(code);
    if (ContactSyncError.is(error) && code === null) expect(['plan_invalid', 'store_conflict']).toContain(error.code);
    expect(await snapshotOf(this.store)).toEqual(before);
  }

  #plain(read: Read, store = this.store): Promise<Plan> {
    const kind = kindOf(read.source as SourceName);
    return planSync(store, { read, kind, policy: this.walk.policy, at: this.#at(), actor: 'walker' });
  }

  #world(read: Read, { book, connections, nextId }: Snapshot, { at }: Plan): World {
    const kind = kindOf(read.source as SourceName);
    const forgotten = [...(this.forgotten.get(read.source) ?? [])];
    const { policy } = this.walk;
    return { contacts: book, read, connected: [], kind, connections, forgotten, nextId, policy, at };
  }

  #records(source: SourceName): Records {
    const records = this.records.get(source);
    if (records === undefined) throw new Error(`there is no source ${source}`);
    return records;
  }

  #at(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.#clock * 60_000).toISOString();
  }

  #signature() {
    return { actor: 'person', why: 'because', at: this.#at() };
  }
}
