import { connector as bgl } from '@contact-sync/connector-bgl';
import { mock as bglMock } from '@contact-sync/connector-bgl/mock';
import { connector as fyi } from '@contact-sync/connector-fyi';
import { mock as fyiMock } from '@contact-sync/connector-fyi/mock';
import { connector as xpm } from '@contact-sync/connector-xpm';
import { mock as xpmMock } from '@contact-sync/connector-xpm/mock';
import type { ConnectorMock, ContactSource, SignIn } from '@contact-sync/core';
import { readSettings } from '@contact-sync/core';
import { canaries } from './canaries.js';

export type SystemName = 'xpm' | 'fyi' | 'bgl';
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What differs from system to system. */
export type System = {
  readonly name: SystemName;
  readonly mock: ConnectorMock;
  readonly signIn: SignIn | null;
  readonly idOf: (number: number) => string;
  /** The connector over a server; `settings` are those of its mock, in which the address is replaced. */
  open(settings: Readonly<Record<string, unknown>>): ContactSource;
  /** Headers as the fake wants them: with its own secret in place of the canary. */
  translate(headers: Headers): Record<string, string | string[]>;
  /** Puts canaries into fields that nobody may read. */
  decorate(body: Buffer): Buffer;
  isList(path: string): boolean;
  /** The request for the page after the one that is asked for. */
  following(path: string, body: Buffer): { path: string; body: Buffer };
  /** Status 200, in the system's own form, and it says no. */
  readonly refusal: string;
};

const uuid = (number: number) => `5a0c7e10-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Waits take no time; the connectors' own clocks run on. */
const wait = async (_: number, signal: AbortSignal) => signal.throwIfAborted();

function swapped(headers: Headers, mine: string): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'host' || name === 'accept-encoding') continue;
    const swap = (text: string) => text.replace(canaries.secret, mine).replace(canaries.freshSecret, mine);
    kept[name] = Array.isArray(value) ? value.map(swap) : swap(value);
  }
  return kept;
}

function replacing(pairs: readonly (readonly [string, string])[]): System['decorate'] {
  return (body) => Buffer.from(pairs.reduce((text, [from, to]) => text.replaceAll(from, to), body.toString()));
}

const { born, taxNumber } = canaries;

export const systems: readonly System[] = [
  {
    name: 'xpm',
    mock: xpmMock,
    signIn: xpm.signIn ?? null,
    idOf: uuid,
    open: (settings) => xpm.create(readSettings(xpm, { accessToken: canaries.secret, ...settings, wait })),
    translate: (headers) => swapped(headers, 'fake-access-token'),
    decorate: replacing([
      ['</UUID>', `</UUID><DateOfBirth>${born}T00:00:00</DateOfBirth><TaxNumber>${taxNumber}</TaxNumber>`],
    ]),
    isList: (path) => path.includes('client.api/list'),
    following: (path, body) => ({ path, body }),
    refusal: `<Response><Status>ERROR</Status><ErrorDescription>Not now</ErrorDescription></Response>`,
  },
  {
    name: 'fyi',
    mock: fyiMock,
    signIn: null,
    idOf: uuid,
    open: (settings) => {
      return fyi.create(
        readSettings(fyi, { accessId: 'campaign', accessSecret: canaries.secret, ...settings, perPage: 2, wait }),
      );
    },
    translate: (headers) => ({
      ...swapped(headers, 'fake-access-secret'),
      'x-fyi-access-id': '7d4f6c1e-93a2-4b57-8a10-2f1c5f6f0a01',
    }),
    decorate: replacing([
      ['"contacts":', `"date_of_birth":"${born}","tax_file_number":"${taxNumber}","notes":"${born}","contacts":`],
    ]),
    isList: () => true,
    following: (path, body) => ({
      path,
      body: Buffer.from(body.toString().replace(/"page":(\d+)/, (_, page: string) => `"page":${Number(page) + 1}`)),
    }),
    refusal: JSON.stringify({ error: 'Not now' }),
  },
  {
    name: 'bgl',
    mock: bglMock,
    signIn: bgl.signIn ?? null,
    idOf: (number) => `cas:${1_800_000 + number}`,
    open: (settings) => bgl.create(readSettings(bgl, { accessToken: canaries.secret, ...settings, wait })),
    translate: (headers) => swapped(headers, 'fake-access-token'),
    decorate: replacing([
      ['123456782', taxNumber],
      ['1980-02-29', born],
    ]),
    isList: (path) => path.startsWith('/contacts'),
    following: (path, body) => ({
      path: path.replace(/offset=(\d+)/, (_, offset: string) => `offset=${Number(offset) + 7}`),
      body,
    }),
    refusal: JSON.stringify({ message: 'Not now', errors: [], status: 400 }),
  },
];
