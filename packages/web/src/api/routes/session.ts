import { apiPath, del, get } from '../endpoint.js';
import { sessionSchema } from '../schemas.js';

export const sessionEndpoints = (of: 'books' | 'fleet') => [
  get({
    path: `${apiPath}/session`,
    role: 'viewer',
    summary: 'Who is signed in, what they may do, and the token for what changes something',
    answer: sessionSchema,
    handle: ({ session: { user, role, csrfToken, by }, books, version }) => ({
      user,
      role,
      csrfToken,
      by,
      of,
      books: [...books],
      version,
    }),
  }),
  del({
    path: `${apiPath}/session`,
    role: 'viewer',
    summary: 'Leave; where a proxy signs people in, leave there',
    handle: ({ leave }) => leave(),
  }),
];
