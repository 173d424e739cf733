import { bookPath, del, get, patch, post } from '../endpoint.js';
import { signed } from '../given.js';
import {
  changeConnectionBody,
  chooseTenantsBody,
  connectBody,
  connectedSchema,
  connectionsSchema,
  connectionViewSchema,
  connectorsSchema,
  doneSchema,
  reconnectBody,
  resyncSchema,
  signInSchema,
  whyBody,
} from '../schemas.js';

const one = `${bookPath}/connections/{source}` as const;
const signIn = `${bookPath}/sign-ins/{id}` as const;

/** Where a vendor sends people back to. */
const callbackPath = '/oauth/callback';
const placeOf = (origin: string) => ({ redirectUri: origin + callbackPath });

export const connectionEndpoints = [
  get({
    path: `${bookPath}/connections`,
    role: 'viewer',
    summary: 'Every connection, how it stands and when it is synced next',
    answer: connectionsSchema,
    handle: async ({ book }) => ({ connections: await book.connections() }),
  }),
  get({
    path: `${bookPath}/connectors`,
    role: 'administrator',
    summary: 'What can be connected: the connectors that are installed',
    answer: connectorsSchema,
    async handle({ book, origin }) {
      const connectors = await book.connectors();
      return {
        connectors: connectors.map((connector) => ({
          ...connector,
          signIn: connector.signIn && { ...connector.signIn, ...placeOf(origin) },
        })),
      };
    },
  }),
  post({
    path: `${bookPath}/connections`,
    role: 'administrator',
    summary: 'Connect with keys, or begin a sign-in',
    body: connectBody,
    answer: connectedSchema,
    handle: ({ book, body, session, origin }) => book.connect(body, session.user, placeOf(origin)),
  }),
  patch({
    path: one,
    role: 'administrator',
    summary: 'Change the schedule, the settings, the policies or the keys of a connection',
    body: changeConnectionBody,
    answer: connectionViewSchema,
    handle: ({ book, params, body, session }) => book.change(params.source, body, session.user),
  }),
  post({
    path: `${one}/sync`,
    role: 'administrator',
    summary: 'Sync now; at most every five minutes',
    answer: resyncSchema,
    handle: ({ book, params, session }) => book.syncNow(params.source, session.user),
  }),
  post({
    path: `${one}/pause`,
    role: 'administrator',
    summary: 'Sync nothing until somebody resumes it',
    body: whyBody,
    answer: doneSchema,
    handle: ({ book, params, body, session }) => book.pause(params.source, signed(session, body)),
  }),
  post({
    path: `${one}/resume`,
    role: 'administrator',
    summary: 'Sync it again',
    body: whyBody,
    answer: doneSchema,
    handle: ({ book, params, body, session }) => book.resume(params.source, signed(session, body)),
  }),
  post({
    path: `${one}/reconnect`,
    role: 'administrator',
    summary: 'Give new keys, or sign in again',
    body: reconnectBody,
    answer: connectedSchema,
    handle: ({ book, params, body, session, origin }) =>
      book.reconnect(params.source, body, session.user, placeOf(origin)),
  }),
  del({
    path: `${one}/stored`,
    role: 'administrator',
    summary: 'Remove what is stored of a source that is not connected',
    handle: ({ book, params, session }) => book.removeStored(params.source, session.user),
  }),
  get({
    path: signIn,
    role: 'administrator',
    summary: 'How a sign-in that this person began stands',
    answer: signInSchema,
    handle: ({ book, params, session }) => book.signIn(params.id, session.user),
  }),
  post({
    path: `${signIn}/tenants`,
    role: 'administrator',
    summary: 'Choose which of the tenants that a sign-in opens are connected',
    body: chooseTenantsBody,
    answer: signInSchema,
    handle: ({ book, params, body, session }) => book.chooseTenants(params.id, body.tenants, session.user),
  }),
];
