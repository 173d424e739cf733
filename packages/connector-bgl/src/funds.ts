import { quotable } from '@contact-sync/core';
import type { BglApi } from './api.js';
import type { Outcome } from './map.js';
import type { Copy, WantedPeople } from './people.js';
import { concernsOneFund } from './refusals.js';
import type { Row, WireFund, WirePerson } from './wire.js';

/** What came of one fund: the outcomes of the rows that are no people, and the rows that are. */
export type FundStep = {
  readonly outcomes: readonly Outcome[];
  readonly copies: readonly Copy[];
  readonly requestsLeft: Readonly<Record<string, number>>;
};

type Api = Pick<BglApi, 'funds' | 'entity' | 'members' | 'trustees'>;

/**
 * Fund after fund, for BGL has no list of the people of all. A fund takes two requests, three with trustees. A fund that
 * is not accessible is reported as a row without an id: its people are not known, so core calls nobody missing.
 */
export async function* fundRows(api: Api, wanted: WantedPeople, signal: AbortSignal): AsyncGenerator<FundStep, void> {
  const { rows, requestsLeft } = await api.funds(signal);
  const seen = new Set<string>();
  let left = requestsLeft;
  // Also where there is no fund at all.
  yield { outcomes: [], copies: [], requestsLeft };
  for (const row of rows) {
    const step = await fundStep(api, row, { wanted, seen, left, signal });
    left = step.requestsLeft;
    yield step;
  }
}

type Context = {
  readonly wanted: WantedPeople;
  readonly seen: Set<string>;
  readonly left: FundStep['requestsLeft'];
  readonly signal: AbortSignal;
};

async function fundStep(api: Api, row: Row<WireFund>, context: Context): Promise<FundStep> {
  const { wanted, seen, left, signal } = context;
  const only = (outcome: Outcome, requestsLeft = left): FundStep => ({ outcomes: [outcome], copies: [], requestsLeft });
  if (row.value === null) return only(unreadable(row.id, row.problem));
  const { fundID: fund, entityType } = row.value;
  if (seen.has(fund)) return only({ skipped: 'repeated' });
  seen.add(fund);
  if (!mayHaveMembers(entityType)) return only({ skipped: 'fund_not_smsf' });
  try {
    const entity = await api.entity(fund, signal);
    if (entity.woundUp) return only({ skipped: 'fund_wound_up' }, entity.requestsLeft);
    if (!mayHaveMembers(entity.entityType)) return only({ skipped: 'fund_not_smsf' }, entity.requestsLeft);

    // Members are asked for in any case: only their rows say that somebody has died, and have mobile numbers.
    const members = await api.members(fund, signal);
    const copies = members.rows.map(copyAs('member', fund));
    const outcomes: Outcome[] = [{ skipped: 'fund' }];
    if (!wanted.trustees) return { outcomes, copies, requestsLeft: members.requestsLeft };

    const trustees = await api.trustees(fund, signal);
    copies.push(...trustees.rows.map(copyAs('trustee', fund)));
    if (trustees.corporate) outcomes.push({ skipped: 'corporate_trustee' });
    return { outcomes, copies, requestsLeft: trustees.requestsLeft };
  } catch (error) {
    if (!concernsOneFund(error)) throw error;
    return only(unreadable(fund, 'BGL does not give access to it, so its people are not known'));
  }
}

/** `SMSF`, or nothing, as in the official examples: then the fund's own answer tells. */
function mayHaveMembers(entityType: string | null): boolean {
  return entityType === null || entityType.trim().toLowerCase() === 'smsf';
}

function copyAs(as: Copy['as'], fund: string) {
  return (row: Row<WirePerson>): Copy => ({ as, fund, row });
}

function unreadable(id: string | null, problem: string): Outcome {
  const where = id === null ? 'a fund without an id' : `fund ${quotable(id)}`;
  return { unreadable: { externalId: null, where, problem } };
}
