import type { SearchFilter } from '@contact-sync/core';
import { decisionView, type HostBook, runView, type Signed } from '@contact-sync/runner/host';
import type { z } from 'zod';
import { bookPath, get, patch, post } from '../endpoint.js';
import { given, signed } from '../given.js';
import {
  addContactBody,
  contactFilterQuery,
  contactsQuery,
  contactsSchema,
  contactViewSchema,
  countSchema,
  doneSchema,
  editContactBody,
  historySchema,
  linkBody,
  pageQuery,
  whyBody,
} from '../schemas.js';

const one = `${bookPath}/contacts/{id}` as const;

export const contactEndpoints = [
  get({
    path: `${bookPath}/contacts`,
    role: 'viewer',
    summary: 'Contacts in the order of their names, all or those that fit',
    query: contactsQuery,
    answer: contactsSchema,
    handle: async ({ book, query: { limit, after, ...filter } }) =>
      await (await book.store()).search({ ...(await filterOf(book, filter)), limit, after }),
  }),
  get({
    path: `${bookPath}/contacts/count`,
    role: 'viewer',
    summary: 'How many contacts fit',
    query: contactFilterQuery,
    answer: countSchema,
    handle: async ({ book, query }) => ({ count: await (await book.store()).count(await filterOf(book, query)) }),
  }),
  post({
    path: `${bookPath}/contacts`,
    role: 'administrator',
    summary: 'Add a contact by hand',
    body: addContactBody,
    answer: doneSchema,
    handle: ({ book, session, body: { why, ...details } }) => book.add(details, signed(session, { why })),
  }),
  get({
    path: one,
    role: 'viewer',
    summary: 'A contact, where it comes from, and what can be done with it',
    answer: contactViewSchema,
    handle: ({ book, params }) => book.contact(params.id),
  }),
  patch({
    path: one,
    role: 'administrator',
    summary: 'Change the details of a contact that is not synced',
    body: editContactBody,
    answer: doneSchema,
    handle: ({ book, params, session, body: { why, ...changes } }) =>
      book.edit(params.id, given(changes), signed(session, { why })),
  }),
  get({
    path: `${one}/history`,
    role: 'viewer',
    summary: 'What happened to a contact, the newest first',
    query: pageQuery,
    answer: historySchema,
    async handle({ book, params, query }) {
      const { entries, next } = await (await book.store()).history(params.id, given(query));
      return {
        entries: entries.map(({ run, decision }) => ({
          run: runView(run),
          decision: decisionView(decision),
        })),
        next,
      };
    },
  }),
  action('force-manual', 'Let people change a synced contact; syncs leave it alone', (book, id, by) =>
    book.forceManual(id, by),
  ),
  action('release', 'Let syncs change it again', (book, id, by) => book.release(id, by)),
  action('forget', 'Remove a person, and their details from the history; it cannot be undone', (book, id, by) =>
    book.forget(id, by),
  ),
  post({
    path: `${one}/link`,
    role: 'administrator',
    summary: 'Say which record of a source a contact is',
    body: linkBody,
    answer: doneSchema,
    handle: ({ book, params, session, body: { why, ...link } }) => book.link(params.id, link, signed(session, { why })),
  }),
];

function action(
  name: string,
  summary: string,
  act: (book: HostBook, id: string, by: Signed) => ReturnType<HostBook['release']>,
) {
  return post({
    path: `${one}/${name}` as const,
    role: 'administrator',
    summary,
    body: whyBody,
    answer: doneSchema,
    handle: ({ book, params, session, body }) => act(book, params.id, signed(session, body)),
  });
}

/** Who waits in the review is known to the host, and the rest to the store. */
async function filterOf(
  book: HostBook,
  { review, ...filter }: z.output<typeof contactFilterQuery>,
): Promise<SearchFilter> {
  return review === undefined ? filter : { ...filter, ids: await book.inReview(review) };
}
