import type { HostBook } from '@contact-sync/runner/host';
import type { z } from 'zod';
import type { Session } from '../security/sessions.js';
import type { Role } from './schemas.js';

export const apiPath = '/api/v1';
export const bookPath = `${apiPath}/books/{book}` as const;

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** As it goes over the wire, whether or not who made it may still change it. */
type Read<T> = T extends readonly (infer Item)[]
  ? readonly Read<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Read<T[Key]> }
    : T;

export type Call = {
  /** The names of the books that are served. */
  readonly books: readonly string[];
  /** One of them. @throws ContactSyncError `not_found` */
  readonly bookOf: (name: string) => HostBook;
  readonly session: Session;
  /** The address people see the page at, without a slash at the end. */
  readonly origin: string;
  readonly version: string;
  /** Aborts when whoever asked went away. */
  readonly signal: AbortSignal;
  /** Ends the session of this person, where it is ours to end. */
  readonly leave: () => void;
};

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** What can be asked for: the document, the checks and the tests are made from these. */
export type Endpoint = {
  readonly method: Method;
  readonly path: string;
  /** Who may; an administrator may all that a viewer may. */
  readonly role: Role;
  readonly summary: string;
  readonly query: z.ZodObject | null;
  readonly body: z.ZodType | null;
  readonly status: 200 | 202 | 204;
  /** Null with 204, and where the answer is no JSON. */
  readonly answer: z.ZodType | null;
  /** What the answer is where it is no JSON; then it is a `Response`. */
  readonly media: string | null;
  /** `query` and `body` are what their schemas made of them. */
  readonly handle: (call: Call, params: Readonly<Record<string, string>>, query: unknown, body: unknown) => unknown;
};

type Input<Path extends string, Query, Body> = Call & {
  readonly params: Readonly<Record<Names<Path>, string>>;
  readonly query: Query;
  readonly body: Body;
} & ('book' extends Names<Path> ? { readonly book: HostBook } : object);

type Declared<Path extends string, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType> = {
  readonly path: Path;
  readonly role: Role;
  readonly summary: string;
  readonly query?: Q;
  readonly body?: B;
  readonly answer?: A;
  readonly status?: 202;
  readonly media?: string;
  readonly handle: (input: Input<Path, z.output<Q>, z.output<B>>) => Read<z.output<A>> | Promise<Read<z.output<A>>>;
};

function endpoint(method: Method) {
  return <const Path extends string, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType<unknown>>({
    path,
    role,
    summary,
    query,
    body,
    answer,
    status,
    media,
    handle,
  }: Declared<Path, Q, B, A>): Endpoint => ({
    method,
    path,
    role,
    summary,
    query: query ?? null,
    body: body ?? null,
    status: answer === undefined && media === undefined ? 204 : (status ?? 200),
    answer: answer ?? null,
    media: media ?? null,
    // The types fit by how it is declared: what is parsed with a schema is what that schema gives.
    handle: (call, params, givenQuery, givenBody) =>
      handle({
        ...call,
        params,
        query: givenQuery,
        body: givenBody,
        ...(params.book === undefined ? {} : { book: call.bookOf(params.book) }),
      } as Input<Path, z.output<Q>, z.output<B>>),
  });
}

export const get = endpoint('get');
export const post = endpoint('post');
export const patch = endpoint('patch');
export const del = endpoint('delete');
