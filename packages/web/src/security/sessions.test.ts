import { expect, test } from 'vitest';
import { linkSessions } from './sessions.js';

const hour = 3_600_000;

test('a session lasts for twelve hours', () => {
  let now = 0;
  const sessions = linkSessions(() => now);
  const { token, maxAgeSeconds } = sessions.begin({ user: 'mary', role: 'viewer' });
  expect([token.length, maxAgeSeconds]).toEqual([43, 12 * 3600]);
  now = 12 * hour - 1;
  const session = sessions.find(token);
  expect(session).toMatchObject({ user: 'mary', role: 'viewer', by: 'link' });
  now = 12 * hour;
  expect(sessions.find(token)).toBeNull();
  expect(session?.ended.aborted).toBe(true);
  now = 0;
  expect(sessions.find(token)).toBeNull();
});

test('whoever leaves is out, and nobody else', () => {
  const sessions = linkSessions(() => 0);
  const [one, two] = [sessions.begin({ user: 'a', role: 'viewer' }), sessions.begin({ user: 'b', role: 'viewer' })];
  const ended = sessions.find(one.token)?.ended;
  sessions.end(one.token);
  expect([sessions.find(one.token), ended?.aborted]).toEqual([null, true]);
  expect(sessions.find(two.token)?.user).toBe('b');
  sessions.endAll();
  expect(sessions.find(two.token)).toBeNull();
});

test('nothing else is a session', () => {
  const sessions = linkSessions(() => 0);
  const { token } = sessions.begin({ user: 'a', role: 'viewer' });
  for (const other of [undefined, '', 'x', token.slice(1), `${token} `]) expect(sessions.find(other)).toBeNull();
});

test('each has a token of its own for changes, and that is not the one in the cookie', () => {
  const sessions = linkSessions(() => 0);
  const tokens = [1, 2].flatMap(() => {
    const { token } = sessions.begin({ user: 'a', role: 'viewer' });
    return [token, sessions.find(token)?.csrfToken];
  });
  expect(new Set(tokens).size).toBe(4);
});

test('so many sessions are kept and no more: the oldest ends', () => {
  const sessions = linkSessions(() => 0);
  const { token } = sessions.begin({ user: 'first', role: 'viewer' });
  for (let n = 0; n < 199; n += 1) sessions.begin({ user: 'next', role: 'viewer' });
  expect(sessions.find(token)?.user).toBe('first');
  sessions.begin({ user: 'one more', role: 'viewer' });
  expect(sessions.find(token)).toBeNull();
});
