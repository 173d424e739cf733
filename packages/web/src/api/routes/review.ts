import { bookPath, get, post } from '../endpoint.js';
import { signed } from '../given.js';
import { doneSchema, reviewQuery, reviewSchema, whyBody } from '../schemas.js';

export const reviewEndpoints = [
  get({
    path: `${bookPath}/review`,
    role: 'viewer',
    summary: 'Records that wait for a person: what the latest run of each source held or rejected',
    query: reviewQuery,
    answer: reviewSchema,
    handle: ({ book, query }) => book.review(query),
  }),
  post({
    path: `${bookPath}/runs/{id}/held/{externalId}/approve`,
    role: 'administrator',
    summary: 'Do to one held record what the run would have done',
    body: whyBody,
    answer: doneSchema,
    handle: ({ book, params, body, session }) => book.approveHeld(params.id, params.externalId, signed(session, body)),
  }),
];
