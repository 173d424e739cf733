import {
  blockSchema,
  connectionChangeSchema,
  connectionKinds,
  connectionStates,
  contactSchema,
  countsSchema,
  decisionSchema,
  detailsSchema,
  planKinds,
  recordTypes,
  runSchema,
} from '@contact-sync/core';
import { z } from '@hono/zod-openapi';

/**
 * What goes over the wire, in both directions. The server parses and documents with these, the page has its types from
 * here. Times are ISO 8601 in UTC. Lists are read in pages: `after` is the `next` of the page before, null ends it.
 */

export const roles = ['viewer', 'administrator'] as const;
export type Role = (typeof roles)[number];

export const errorSchema = z
  .object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) })
  .openapi('Error');

export const sessionSchema = z
  .object({
    user: z.string(),
    role: z.enum(roles),
    /** To be sent back as the header `x-csrf-token` with every request that is not GET. */
    csrfToken: z.string(),
    /** How this person came in, and so how they leave. */
    by: z.enum(['link', 'proxy']),
    /** What there is a page of: the books that are named here, or a whole fleet. */
    of: z.enum(['books', 'fleet']),
    books: z.array(z.string()),
    version: z.string(),
  })
  .openapi('Session');

const text = z.string().max(2000);
const limit = z.coerce.number().int().min(1).max(500).default(100);
const after = z.string().max(4000).optional();
const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
export const pageQuery = z.object({ limit, after });

/** A note for the history. */
const why = z.string().max(1000).nullable().default(null);

export const contactFilterQuery = z.object({
  text: text.optional(),
  recordType: z.enum(recordTypes).optional(),
  source: z.string().optional(),
  forcedManual: flag.optional(),
  missing: flag.optional(),
  /** Contacts about which the last run of their source held or rejected a record. */
  review: z.enum(['held', 'rejected']).optional(),
});
export const contactsQuery = contactFilterQuery.extend(pageQuery.shape);

// One of our own: core's was made before it could be given a name here.
export const wireContact = contactSchema.extend({}).openapi('Contact');
export const contactsSchema = z.object({ contacts: z.array(wireContact), next: z.string().nullable() });
export const countSchema = z.object({ count: z.int().min(0) });

/** What this person may do with this contact now; the others, with the reason why not. */
export const contactActions = ['edit', 'force-manual', 'release', 'link', 'forget'] as const;

export const decisionViewSchema = decisionSchema
  .extend({
    sentence: z.string(),
    hint: z.string().nullable(),
    action: z.string(),
    difference: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  })
  .openapi('Decision');

export const runViewSchema = runSchema
  .extend({
    /** Null: it can be undone. Else the sentence that says why not. */
    notUndoable: z.string().nullable(),
  })
  .openapi('Run');

export const historyEntrySchema = z.object({ run: runViewSchema, decision: decisionViewSchema });

export const contactViewSchema = z
  .object({
    contact: wireContact,
    /** Where it comes from; null for one that no source is linked to. */
    origin: z
      .object({
        source: z.string(),
        externalId: z.string(),
        state: z.enum(connectionStates).nullable(),
        connector: z.string(),
        /** The record's page in the system itself, where the system has one. */
        url: z.string().nullable(),
      })
      .nullable(),
    actions: z.record(z.enum(contactActions), z.object({ allowed: z.boolean(), why: z.string().nullable() })),
    /** The last that a run saw of the source where it says something else than the contact. */
    says: z.object({ details: detailsSchema, at: z.string(), run: z.string() }).nullable(),
    /** Records of this contact that wait for a person. */
    open: z.array(z.object({ run: z.string(), decision: decisionViewSchema })),
  })
  .openapi('ContactView');

export const historySchema = z.object({ entries: z.array(historyEntrySchema), next: z.string().nullable() });

export const addContactBody = detailsSchema.extend({ why }).strict();
export const editContactBody = detailsSchema.partial().extend({ why }).strict();
export const linkBody = z.strictObject({ source: z.string(), externalId: z.string(), why });
export const whyBody = z.strictObject({ why });

/** What a change did. */
export const doneSchema = z.object({ run: runViewSchema, contact: wireContact.nullable() });

/** The decisions of a plan or a run that have the same reason, in the order of the list of reasons. */
const groupSchema = z.object({
  reason: z.string(),
  action: z.string(),
  sentence: z.string(),
  hint: z.string().nullable(),
  /** How many decisions with this reason the plan lists; where 0, they are only counted. */
  listed: z.int(),
  counted: z.int(),
});

/** A run, and what a page about it alone needs besides: `GET runs/{id}`. */
export const runDetailSchema = z
  .object({
    run: runViewSchema,
    /** Empty where the decisions are not kept any more. */
    groups: z.array(groupSchema),
    /**
     * Null: it was stopped by a guard, and its plan still fits the book. Else the sentence that says why it cannot be
     * approved: the book moved on, it was approved with another run, or there is nothing to approve.
     */
    notApprovable: z.string().nullable(),
    /** The run that approved the plan of this one. */
    approvedBy: z.string().nullable(),
  })
  .openapi('RunDetail');

/** A plan without its decisions, which are read in pages. */
export const planViewSchema = z
  .object({
    hash: z.string(),
    kind: z.enum(planKinds),
    source: z.string().nullable(),
    at: z.string(),
    base: z.int(),
    counts: countsSchema,
    blocked: z.array(blockSchema),
    connections: z.array(connectionChangeSchema),
    /** False: applying it would do nothing. */
    changesBook: z.boolean(),
    groups: z.array(groupSchema),
  })
  .openapi('Plan');

export const decisionsQuery = pageQuery.extend({ reason: z.string().optional() });
export const decisionsSchema = z.object({ decisions: z.array(decisionViewSchema), next: z.string().nullable() });

/** Why a connection cannot be synced now. */
export const syncRefusals = ['unknown', 'paused', 'running', 'too_soon', 'rate_limited', 'stopping'] as const;

export const progressSchema = z.object({
  /** Rows read so far. */
  rows: z.int(),
  pages: z.int(),
  requestsLeft: z.record(z.string(), z.number()).nullable(),
});

export const connectionViewSchema = z
  .object({
    source: z.string(),
    connector: z.string(),
    /** As a person calls the system: `Xero Practice Manager`. */
    title: z.string(),
    kind: z.enum(connectionKinds).nullable(),
    /** Null: stored, and never synced. */
    state: z.enum(connectionStates).nullable(),
    /** Whether it is stored how to read it: without that it is only remembered. */
    stored: z.boolean(),
    /** `hourly`, or cron and a time zone. */
    schedule: z.string().nullable(),
    running: z.boolean(),
    progress: progressSchema.nullable(),
    nextAt: z.string().nullable(),
    lastAt: z.string().nullable(),
    lastGoodAt: z.string().nullable(),
    lastRun: runViewSchema.nullable(),
    requestsLeft: z.record(z.string(), z.number()).nullable(),
    /** Code of what is wrong → since when. */
    incidents: z.record(z.string(), z.string()),
    /** Whether it was connected by signing in, and what is known of the sign-in. */
    signIn: z.object({ grantedAt: z.string(), renewedAt: z.string(), endsAt: z.string().nullable() }).nullable(),
    settings: z.record(z.string(), z.string()),
    policy: z.record(z.string(), z.string()),
    contacts: z.int(),
    syncNow: z.object({
      allowed: z.boolean(),
      why: z.enum(syncRefusals).nullable(),
      possibleAt: z.string().nullable(),
    }),
  })
  .openapi('Connection');
export const connectionsSchema = z.object({ connections: z.array(connectionViewSchema) });

export const connectorViewSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    /** Null: keys are all there is. */
    signIn: z
      .object({
        clientSecretNeeded: z.boolean(),
        /** Whether the service has the app's id and secret already, from its environment. */
        clientKnown: z.boolean(),
        /** To be registered with the vendor. */
        redirectUri: z.string(),
      })
      .nullable(),
    settings: z.array(z.object({ name: z.string(), required: z.boolean(), description: z.string().nullable() })),
    /** `known`: the service has it already, from its environment. */
    secrets: z.array(z.object({ name: z.string(), known: z.boolean() })),
  })
  .openapi('Connector');
export const connectorsSchema = z.object({ connectors: z.array(connectorViewSchema) });

const texts = z.record(z.string().max(100), text);
/** What a person typed; it is sealed and never sent back. */
const secrets = z.record(z.string().max(100), z.string().max(20_000));
const client = z.strictObject({ id: z.string().max(1000), secret: z.string().max(5000).nullable() });

export const connectBody = z.strictObject({
  connector: z.string(),
  settings: texts.default({}),
  policy: texts.default({}),
  kind: z.enum(connectionKinds).nullable().default(null),
  schedule: z.string().nullable().default(null),
  secrets: secrets.default({}),
  /** With `signIn`: the app, unless the service knows it. */
  client: client.nullable().default(null),
  signIn: z.boolean(),
});
export const reconnectBody = z.strictObject({
  secrets: secrets.default({}),
  client: client.nullable().default(null),
});
/** Either it is connected, or a person has to sign in first. */
export const connectedSchema = z.object({
  connected: z.array(z.object({ source: z.string(), title: z.string().nullable(), replaced: z.boolean() })),
  signIn: z.object({ id: z.string(), url: z.string() }).nullable(),
});
export const signInSchema = z.object({
  id: z.string(),
  connector: z.string(),
  state: z.enum(['waiting', 'checking', 'choose', 'done', 'failed']),
  /** In the state `choose`. */
  tenants: z.array(z.object({ id: z.string(), title: z.string().nullable() })),
  connected: z.array(z.object({ source: z.string(), title: z.string().nullable(), replaced: z.boolean() })),
  error: errorSchema.shape.error.nullable(),
});
export const chooseTenantsBody = z.strictObject({ tenants: z.array(z.string()).min(1).max(500) });
export const changeConnectionBody = z.strictObject({
  schedule: z.string().nullable().default(null),
  settings: texts.default({}),
  policy: texts.default({}),
  unset: z.array(z.string()).default([]),
  secrets: secrets.default({}),
});

/** What to look at: what a sync or a disconnect of a source would do, or the undoing or the approval of a run. */
export const previewBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['sync', 'disconnect']), source: z.string() }),
  z.strictObject({ kind: z.enum(['undo', 'approve']), run: z.string() }),
]);

/** A look at what a plan would do. Kept by the server for a while; writes nothing. */
export const previewSchema = z
  .object({
    id: z.string(),
    about: previewBody,
    state: z.enum(['reading', 'ready', 'failed', 'applied']),
    progress: progressSchema.nullable(),
    plan: planViewSchema.nullable(),
    /** The run that applied it, in the state `applied`. */
    run: z.string().nullable(),
    error: errorSchema.shape.error.nullable(),
  })
  .openapi('Preview');
/** Exactly the plan with this hash. */
export const applyBody = z.strictObject({ hash: z.string(), why });

export const reviewItemSchema = z.object({
  run: z.string(),
  source: z.string().nullable(),
  at: z.string(),
  decision: decisionViewSchema,
  /** Contacts it may be about. */
  candidates: z.array(wireContact),
  /** What can be done here; for everything else the hint says where. */
  actions: z.array(z.enum(['approve', 'link'])),
});
export const reviewQuery = pageQuery.extend({
  kind: z.enum(['held', 'rejected']).optional(),
  source: z.string().optional(),
});
export const reviewSchema = z.object({
  items: z.array(reviewItemSchema),
  next: z.string().nullable(),
  counts: z.object({ held: z.int(), rejected: z.int() }),
});

export const runsSchema = z.object({ runs: z.array(runViewSchema), next: z.string().nullable() });
export const resyncSchema = connectionViewSchema.shape.syncNow;

/** What `/events` sends: the name of the event, and its data as JSON. */
export const eventSchemas = {
  /** A connection changed: began, ended, was paused … Read it again. */
  connection: z.object({ book: z.string(), source: z.string() }),
  progress: z.object({ book: z.string(), source: z.string(), progress: progressSchema }),
  /** A run is in the history. */
  run: z.object({
    book: z.string(),
    source: z.string().nullable(),
    run: z.string(),
    kind: z.enum(planKinds),
    outcome: z.string(),
  }),
  preview: z.object({ book: z.string(), id: z.string(), state: z.string(), progress: progressSchema.nullable() }),
} as const;

/** How a connection stands in a fleet, the worst first. */
export const firmStates = ['held', 'retrying', 'waiting', 'new', 'well', 'paused'] as const;

const firmNameSchema = z.object({ book: z.string().max(1000), source: z.string().max(1000) });

export const firmSchema = firmNameSchema
  .extend({
    /** `held`: it failed, and a person has to see to it; `paused`: or disconnected. */
    state: z.enum(firmStates),
    schedule: z.string(),
    size: z.enum(['small', 'large']),
    running: z.boolean(),
    runningSince: z.string().nullable(),
    worker: z.string().nullable(),
    lastAt: z.string().nullable(),
    lastGoodAt: z.string().nullable(),
    /** Of the error of the last run, or the guard that stopped it; null: it went well. */
    code: z.string().nullable(),
    /** Runs in a row that a person must see to. */
    failures: z.int(),
    nextAt: z.string().nullable(),
    behindSeconds: z.int(),
    /** Of the source, at the last good run. */
    rows: z.int().nullable(),
    milliseconds: z.int().nullable(),
  })
  .openapi('Firm');

export const fleetSchema = z
  .object({
    at: z.string(),
    connections: z.int(),
    books: z.int(),
    states: z.record(z.enum(firmStates), z.int()),
    running: z.int(),
    /** Due for more than ten minutes. */
    behind: z.int(),
    oldestGoodSeconds: z.int().nullable(),
    codes: z.array(
      z.object({
        code: z.string(),
        connections: z.int(),
        /** What it means, and what to do. */
        sentence: z.string(),
        hint: z.string(),
      }),
    ),
    workers: z.array(z.object({ name: z.string(), running: z.int(), heardAt: z.string() })),
  })
  .openapi('Fleet');

const firmFilter = z.object({
  /** Part of the name of a book or a source. */
  text: text.optional(),
  state: z.enum(firmStates).optional(),
  code: z.string().max(100).optional(),
});
export const firmFilterQuery = firmFilter.extend({ behind: flag.optional() });
export const firmsQuery = firmFilterQuery.extend(pageQuery.shape);
export const firmsSchema = z.object({ at: z.string(), firms: z.array(firmSchema), next: z.string().nullable() });
export const firmCountSchema = z.object({ connections: z.int(), books: z.int(), paused: z.int() });
export const topQuery = z.object({ limit });
export const topSchema = firmsSchema.omit({ next: true });

/** An order for these connections, or for those that a filter finds; a part of them at a time. */
export const orderBody = z.strictObject({
  which: z.union([
    z.strictObject({ firms: z.array(firmNameSchema.strict()).min(1).max(1000) }),
    z.strictObject({ filter: firmFilter.extend({ behind: z.boolean().optional() }).strict() }),
  ]),
  /** How many connections were agreed to. Where more are found by now, nothing is done. */
  atMost: z.int().min(1),
  /** `next` of the part before; null: from the beginning. */
  after: firmNameSchema.strict().nullable().default(null),
  why,
});
/** Those that changed, as they stand now; whoever wants the rest done asks again from `next`. */
export const orderedSchema = z.object({ firms: z.array(firmSchema), next: firmNameSchema.nullable() });
