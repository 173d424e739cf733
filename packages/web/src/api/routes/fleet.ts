import type { OperatedFleet } from '@contact-sync/runner';
import type { OrderKind, Selection } from '@contact-sync/runner/engine';
import type { z } from 'zod';
import { apiPath, type Endpoint, get, post } from '../endpoint.js';
import { HttpError } from '../errors.js';
import { aboutCode } from '../fleet-codes.js';
import {
  firmCountSchema,
  firmFilterQuery,
  firmsQuery,
  firmsSchema,
  fleetSchema,
  orderBody,
  orderedSchema,
  topQuery,
  topSchema,
} from '../schemas.js';

/** So many connections are changed before there is an answer: whoever asked shows how far it is, and asks again. */
const partOfOrder = 100;

const summaries: Readonly<Record<OrderKind, string>> = {
  pause: 'Sync these connections no more, until they are resumed',
  resume: 'Sync these connections again, on their schedules',
  retry: 'Sync these connections now, and release those that wait for a person',
};

/** What operators ask of a fleet. Every change is signed in the history of its book. */
export function fleetRoutes(fleet: OperatedFleet): readonly Endpoint[] {
  return [
    get({
      path: `${apiPath}/fleet`,
      role: 'viewer',
      summary: 'How the fleet stands',
      answer: fleetSchema,
      async handle() {
        const { firms: _, codes, ...status } = await fleet.status({ ...all, limit: 0 });
        return { ...status, codes: codes.map((one) => ({ ...one, ...aboutCode(one.code) })) };
      },
    }),
    get({
      path: `${apiPath}/fleet/firms`,
      role: 'viewer',
      summary: 'The connections of all firms, the worst first',
      query: firmsQuery,
      answer: firmsSchema,
      handle: ({ query: { limit, after = null, ...filter } }) => fleet.firms({ ...selectionOf(filter), limit, after }),
    }),
    get({
      path: `${apiPath}/fleet/firms/count`,
      role: 'viewer',
      summary: 'How many connections a filter finds, of how many books',
      query: firmFilterQuery,
      answer: firmCountSchema,
      handle: ({ query }) => fleet.count(selectionOf(query)),
    }),
    get({
      path: `${apiPath}/fleet/top`,
      role: 'viewer',
      summary: 'What runs now, the longest first, and then what took longest the last time',
      query: topQuery,
      answer: topSchema,
      handle: ({ query: { limit } }) => fleet.top(limit),
    }),
    ...(Object.keys(summaries) as OrderKind[]).map(orderOf),
  ];

  function orderOf(kind: OrderKind): Endpoint {
    return post({
      path: `${apiPath}/fleet/${kind}`,
      role: 'administrator',
      summary: summaries[kind],
      body: orderBody,
      answer: orderedSchema,
      async handle({ session: { user: actor }, body: { which, atMost, after, why } }) {
        const selection = 'firms' in which ? { ...all, firms: which.firms } : selectionOf(which.filter);
        if (after === null) await agreed(kind, selection, atMost);
        return await fleet.order(kind, selection, { actor, why: why === '' ? null : why, after, limit: partOfOrder });
      },
    });
  }

  /** What is done is what somebody agreed to: firms that are there, and no more of them than they were told of. */
  async function agreed(kind: OrderKind, selection: Selection, atMost: number): Promise<void> {
    const { connections, paused } = await fleet.count(selection);
    if (selection.firms !== undefined && connections < selection.firms.length) {
      throw new HttpError(
        404,
        'not_found',
        'One of these connections is not in the fleet.',
        'It may have been removed: look at the list again.',
      );
    }
    const found = kind === 'resume' ? paused : connections - paused;
    if (found <= atMost) return;
    throw new HttpError(
      409,
      'store_conflict',
      `By now it would be ${found} connections, and ${atMost} were agreed to. Nothing was done.`,
      'Look at them again.',
    );
  }
}

const all = { book: null, source: null, code: null } satisfies Selection;

function selectionOf({ code, ...filter }: z.output<typeof firmFilterQuery>): Selection {
  return { ...all, ...filter, code: code ?? null };
}
