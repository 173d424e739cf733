import type { Block } from './plan.js';
import type { Policy } from './policy.js';
import { tenantOf } from './source.js';

/** The numbers that the guards look at. */
export type Vitals = {
  readonly source: string;
  /** Who answered, or null where the system does not tell. */
  readonly tenant: string | null;
  readonly validRecords: number;
  /** Contacts of type `contact-sync` of the source before the run. */
  readonly synced: number;
  /** Of those: newly missing, and changed by line 5. */
  readonly missing: number;
  readonly changed: number;
};

/** What stops a run before it writes. A person can approve exactly the plan that was stopped. */
export function guards(vitals: Vitals, policy: Policy): Block[] {
  const { source, tenant, validRecords, synced, missing, changed } = vitals;
  const blocks: Block[] = [];
  const tooMany = (count: number, share: number) => count > policy.atLeast && count > share * synced;

  if (tenant !== null && tenant !== tenantOf(source)) {
    blocks.push({
      guard: 'tenant_changed',
      count: synced,
      of: synced,
      message: `The connection was made for tenant ${tenantOf(source)}, and now ${tenant} answers.`,
    });
  }
  if (validRecords === 0 && synced > 0) {
    blocks.push({
      guard: 'source_empty',
      count: synced,
      of: synced,
      message: `The source has no valid record, and the book has ${synced} synced ${contacts(synced)} of it.`,
    });
  }
  if (tooMany(missing, policy.manyMissing)) {
    blocks.push({
      guard: 'many_missing',
      count: missing,
      of: synced,
      message: `${missing} of ${synced} synced contacts would be marked missing; more than ${percent(policy.manyMissing)} is suspicious.`,
    });
  }
  if (tooMany(changed, policy.manyChanged)) {
    blocks.push({
      guard: 'many_changed',
      count: changed,
      of: synced,
      message: `${changed} of ${synced} synced contacts would be changed; more than ${percent(policy.manyChanged)} is suspicious.`,
    });
  }
  return blocks;
}

function contacts(n: number): string {
  return n === 1 ? 'contact' : 'contacts';
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
