import { expect, test } from 'vitest';
import { parseConfig } from '../config/parse.js';
import { checkReach } from '../serve/load-web.js';
import { webOf } from './serve-web.js';

const url = 'https://contacts.firm.example';
const usual = {
  url,
  secret: null,
  addresses: [],
  userHeader: 'x-forwarded-email',
  roleHeader: 'x-forwarded-groups',
  administrators: ['contact-sync-administrators'],
  viewers: ['contact-sync-viewers'],
};
const config = (web: unknown) => parseConfig({ web }, 'contact-sync.config.json');

test('unless said otherwise there is a page, for this machine', () => {
  expect(webOf({ web: true }, undefined, {})).toBeNull();
  expect(webOf({ web: true }, config({}), { CONTACT_SYNC_PROXY_SECRET: 'unused' })).toBeNull();
});

test('no page, by the command or by the configuration', () => {
  expect(webOf({ web: false }, undefined, {})).toBe(false);
  expect(webOf({ web: false }, config({ behindProxy: { url } }), {})).toBe(false);
  expect(webOf({ web: true }, config({ enabled: false }), {})).toBe(false);
});

test('a proxy, from the command and the environment', () => {
  const flags = { web: true, behindProxy: `${url}/`, trustedProxy: ['10.0.0.5'] };
  expect(webOf(flags, config({ enabled: false }), { CONTACT_SYNC_PROXY_SECRET: 'shared' })).toEqual({
    ...usual,
    secret: 'shared',
    addresses: ['10.0.0.5'],
  });
});

test('a proxy from the configuration, and what the command says goes before', () => {
  const its = { url, addresses: ['10.0.0.0/8'], userHeader: 'remote-user', roleHeader: 'remote-groups' };
  const groups = { administrators: ['it'], viewers: ['*'] };
  const configured = config({ behindProxy: { ...its, ...groups } });
  expect(webOf({ web: true }, configured, {})).toEqual({ ...usual, ...its, ...groups });
  const flags = { web: true, behindProxy: 'http://other.example:8080', trustedProxy: ['::1'] };
  expect(webOf(flags, configured, {})).toEqual({
    ...usual,
    ...its,
    ...groups,
    url: 'http://other.example:8080',
    addresses: ['::1'],
  });
});

test.each([
  [{ web: false, behindProxy: url }, 'usage', '--behind-proxy and --no-web contradict each other.'],
  [{ web: true, trustedProxy: ['::1'] }, 'usage', '--trusted-proxy goes with --behind-proxy.'],
  [{ web: true, behindProxy: 'contacts' }, 'setting_invalid', '"contacts" is no address of a page.'],
  [{ web: true, behindProxy: `${url}/below` }, 'setting_invalid', `"${url}/below" is no address of a page.`],
  [{ web: true, behindProxy: 'ftp://a.example' }, 'setting_invalid', '"ftp://a.example" is no address of a page.'],
])('%j: %s', (flags, code, message) => {
  expect(() => webOf(flags, undefined, {})).toThrow(expect.objectContaining({ code, message }));
});

test.each([
  [true, 'web: must be an object: enabled, behindProxy'],
  [{ enabled: 'no' }, 'web.enabled: must be true or false'],
  [{ behindProxy: {} }, 'web.behindProxy.url: must be the address people open'],
  [{ behindProxy: { url: `${url}/x` } }, 'web.behindProxy.url: must end after the name'],
  [{ behindProxy: { url, viewers: 'all' } }, 'web.behindProxy.viewers: must be a list of groups'],
  [{ behindProxy: { url, userHeader: 'a b' } }, 'web.behindProxy.userHeader: must be the name of a header'],
  [{ behindProxy: { url, secret: 'x' } }, 'web.behindProxy.secret'],
])('%j in a configuration: %s', (web, says) => {
  expect(() => config(web)).toThrow(says);
});

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
  ['127.0.0.1.example', false],
])('a page for this machine at %s: %s', (host, may) => {
  const check = () => checkReach({ host, port: 8484 }, null);
  if (may) expect(check).not.toThrow();
  else expect(check).toThrow(`The page would be open to the network at ${host}`);
  expect(() => checkReach({ host, port: 8484 }, usual)).not.toThrow();
});
