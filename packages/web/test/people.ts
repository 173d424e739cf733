import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export type Asked = {
  readonly method?: string;
  readonly body?: unknown;
  /** An array: the header is sent so often. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
};
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Of the JSON that was answered; null where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect.
  readonly json: any;
};

/** A request as it is, with whatever headers: nothing is added, and no redirect is followed. */
export async function ask(url: string, { method = 'GET', body, headers = {} }: Asked = {}): Promise<Answer> {
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const given = Object.entries({ ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
  return await new Promise((resolve, reject) => {
    const asking = request(
      url,
      { method, headers: Object.fromEntries(given.filter(([, value]) => value !== undefined)), agent: false },
      (response) => {
        text(response).then((got) => {
          const isJson = /json/.test(response.headers['content-type'] ?? '');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: got,
            json:
              isJson && got !== '' && !/ndjson/.test(response.headers['content-type'] ?? '') ? JSON.parse(got) : null,
          });
        }, reject);
      },
    );
    asking.on('error', reject);
    asking.end(sent);
  });
}

/** Somebody who is signed in. */
export type Person = {
  readonly headers: Readonly<Record<string, string>>;
  readonly csrfToken: string;
  /** As the page asks. */
  ask(path: string, asked?: Asked): Promise<Answer>;
};

/** Comes in with a link. */
export async function enter(url: string, token: string): Promise<Person> {
  const opened = await ask(`${url}/open?token=${token}`, { headers: { 'sec-fetch-site': 'none' } });
  const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? '';
  return await person(url, { cookie });
}

/** Somebody whom these headers sign in. */
export async function person(url: string, headers: Readonly<Record<string, string>>): Promise<Person> {
  const session = await ask(`${url}/api/v1/session`, { headers });
  const csrfToken: string = session.json?.csrfToken ?? '';
  return {
    headers,
    csrfToken,
    ask: (path, asked = {}) => {
      const changes = (asked.method ?? 'GET') === 'GET' ? {} : { 'x-csrf-token': csrfToken };
      return ask(url + path, { ...asked, headers: { ...headers, ...changes, ...asked.headers } });
    },
  };
}
