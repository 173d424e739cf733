import { bookPath, del, get, post } from '../endpoint.js';
import { signed } from '../given.js';
import { applyBody, decisionsQuery, decisionsSchema, doneSchema, previewBody, previewSchema } from '../schemas.js';

const one = `${bookPath}/previews/{id}` as const;

export const previewEndpoints = [
  post({
    path: `${bookPath}/previews`,
    role: 'administrator',
    summary: 'Look at what a sync, a disconnect, an undo or an approval would do; nothing is written',
    body: previewBody,
    answer: previewSchema,
    status: 202,
    handle: ({ book, body, session }) => book.preview(body, session.user),
  }),
  get({
    path: one,
    role: 'viewer',
    summary: 'How far a preview is, and its plan',
    answer: previewSchema,
    handle: ({ book, params }) => book.previewed(params.id),
  }),
  get({
    path: `${one}/decisions`,
    role: 'viewer',
    summary: 'What the plan of a preview would do, and why',
    query: decisionsQuery,
    answer: decisionsSchema,
    handle: ({ book, params, query }) => book.previewDecisions(params.id, query),
  }),
  post({
    path: `${one}/apply`,
    role: 'administrator',
    summary: 'Apply exactly the plan with this hash',
    body: applyBody,
    answer: doneSchema,
    handle: ({ book, params, body, session }) => book.applyPreview(params.id, body.hash, signed(session, body)),
  }),
  del({
    path: one,
    role: 'administrator',
    summary: 'Drop a preview; a read that is under way ends',
    handle: ({ book, params, session }) => book.dropPreview(params.id, session.user),
  }),
];
