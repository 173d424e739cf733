import { expect, test } from 'vitest';
import { type ProxySettings, proxyIdentity } from './proxy.js';

const secret = 'a-secret-of-the-proxy-and-us';
const settings: ProxySettings = {
  secret,
  addresses: [],
  userHeader: 'x-forwarded-email',
  roleHeader: 'x-forwarded-groups',
  administrators: ['admins'],
  viewers: ['staff', 'audit'],
};

function who(given: Partial<ProxySettings>, headers: Record<string, string>, address = '127.0.0.1') {
  const session = proxyIdentity({ ...settings, ...given })({ header: (name) => headers[name], address });
  return session === null ? null : `${session.user} ${session.role}`;
}

const mary = {
  'x-contact-sync-proxy-secret': secret,
  'x-forwarded-email': 'mary@firm.example',
  'x-forwarded-groups': 'staff, admins',
};

test('with the secret, the headers say who it is', () => {
  expect(who({}, mary)).toBe('mary@firm.example administrator');
  expect(who({}, { ...mary, 'x-forwarded-groups': 'audit,other' })).toBe('mary@firm.example viewer');
});

test.each<[string, Record<string, string>]>([
  ['no secret', { 'x-contact-sync-proxy-secret': '' }],
  ['another secret', { 'x-contact-sync-proxy-secret': `${secret}x` }],
  ['a part of the secret', { 'x-contact-sync-proxy-secret': secret.slice(1) }],
  ['no user', { 'x-forwarded-email': '' }],
  ['only blanks', { 'x-forwarded-email': '  ' }],
  ['a user with a line break', { 'x-forwarded-email': 'mary\nroot' }],
  ['a user that turns the text around', { 'x-forwarded-email': 'mary\u202eyram' }],
  ['a user without an end', { 'x-forwarded-email': 'm'.repeat(201) }],
  ['no groups', { 'x-forwarded-groups': '' }],
  ['groups nobody knows', { 'x-forwarded-groups': 'Admins,administrators' }],
])('%s: nobody', (_, headers) => {
  expect(who({}, { ...mary, ...headers })).toBeNull();
});

test('everybody who comes in may look, where the firm says so', () => {
  const open = { viewers: ['*'] };
  expect(who(open, { ...mary, 'x-forwarded-groups': '' })).toBe('mary@firm.example viewer');
  expect(who(open, mary)).toBe('mary@firm.example administrator');
});

test('headers have the names that are set', () => {
  const named = { userHeader: 'remote-user', roleHeader: 'remote-groups' };
  expect(who(named, mary)).toBeNull();
  expect(who(named, { ...mary, 'remote-user': 'mary', 'remote-groups': 'admins' })).toBe('mary administrator');
});

test.each([
  ['10.0.0.5', '10.0.0.5', true],
  ['10.0.0.5', '::ffff:10.0.0.5', true],
  ['10.0.0.5', '10.0.0.6', false],
  ['10.0.0.0/24', '10.0.0.255', true],
  ['10.0.0.0/24', '10.0.1.0', false],
  ['fd00::/8', 'fd12::1', true],
  ['fd00::/8', 'fe80::1', false],
])('the proxy at %s, and somebody at %s: %s', (listed, address, known) => {
  const { 'x-contact-sync-proxy-secret': _, ...headers } = mary;
  expect(who({ secret: null, addresses: [listed] }, headers, address) !== null).toBe(known);
});

test('where both are set, both must be right', () => {
  const both = { addresses: ['10.0.0.5'] };
  expect(who(both, mary, '10.0.0.5')).not.toBeNull();
  expect(who(both, mary, '10.0.0.6')).toBeNull();
  expect(who(both, { ...mary, 'x-contact-sync-proxy-secret': 'x' }, '10.0.0.5')).toBeNull();
});

test.each<[string, Partial<ProxySettings>]>([
  ['Nothing tells the proxy from anybody else.', { secret: null }],
  ['The secret of the proxy is too short.', { secret: 'short' }],
  ['"0.0.0.0/0" is no address of a proxy.', { addresses: ['0.0.0.0/0'] }],
  ['"10.0.0.0/33" is no address of a proxy.', { addresses: ['10.0.0.0/33'] }],
  ['"proxy.example" is no address of a proxy.', { addresses: ['proxy.example'] }],
])('%s', (message, given) => {
  expect(() => proxyIdentity({ ...settings, ...given })).toThrow(message);
});

test('the token of one person is not that of another, of another role, or of before a restart', () => {
  const identify = proxyIdentity(settings);
  const tokenOf = (look: typeof identify, headers: Record<string, string>) =>
    look({ header: (name) => ({ ...mary, ...headers })[name], address: undefined })?.csrfToken;
  const hers = tokenOf(identify, {});
  expect(hers).toMatch(/^[\w-]{43}$/);
  expect(tokenOf(identify, {})).toBe(hers);
  const others = [
    tokenOf(identify, { 'x-forwarded-email': 'vic@firm.example' }),
    tokenOf(identify, { 'x-forwarded-groups': 'staff' }),
    tokenOf(proxyIdentity(settings), {}),
  ];
  for (const token of others) expect(token).not.toBe(hers);
});
