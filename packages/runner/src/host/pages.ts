import { type Decision, unknownPage } from '@contact-sync/core';
import type { Decisions, PageQuery } from './types.js';
import { decisionView } from './views.js';

/** How many come before a page of a list that is counted through. Fails with `usage`. */
function startOf({ after }: Pick<PageQuery, 'after'>): number {
  if (after === undefined) return 0;
  if (!/^\d{1,9}$/.test(after)) throw unknownPage();
  return Number(after);
}

/** The page of a list that begins so. */
export function pageOf<T>(all: readonly T[], query: PageQuery): { page: T[]; next: string | null } {
  const start = startOf(query);
  const end = start + query.limit;
  return { page: all.slice(start, end), next: end < all.length ? String(end) : null };
}

/** A page of decisions, of one reason or all. No more are read than needed. */
export async function decisionsPage(
  decisions: AsyncIterable<Decision> | Iterable<Decision>,
  query: PageQuery & { readonly reason?: string | undefined },
): Promise<Decisions> {
  const start = startOf(query);
  const page: Decision[] = [];
  let passed = 0;
  for await (const decision of decisions) {
    if (query.reason !== undefined && decision.reason !== query.reason) continue;
    if (page.length === query.limit) return { decisions: page.map(decisionView), next: String(start + query.limit) };
    if (passed >= start) page.push(decision);
    passed += 1;
  }
  return { decisions: page.map(decisionView), next: null };
}
