import type { AccessToken, ContactSyncError } from '@contact-sync/core';
import type { Dispatcher } from 'undici';
import type { z } from 'zod';

/** What requests go through: an undici dispatcher. Named here, so that connectors need not name undici. */
export interface Transport extends Dispatcher {}

/** The one way a connector calls its system. Every limit has a safe default; a connector sets what its system needs. */
export type HttpSettings = {
  /**
   * The only addresses that may be called, each as scheme, host and port and nothing else: `https://api.example.com`.
   * Plain `http` is accepted for this machine only (127.0.0.1, [::1], localhost), where mocks run.
   */
  readonly origins: readonly string[];
  /** The POST requests that may be sent: each of them only reads. Without any, `post` sends nothing. */
  readonly posts?: readonly PostRead[] | undefined;
  /** Sent as `user-agent`: the product and its version. */
  readonly userAgent: string;
  /** Asked before every attempt, so that a token may be renewed between two. Their values never reach an error. */
  readonly headers?: (() => HeaderValues | Promise<HeaderValues>) | undefined;
  /**
   * Sent as `authorization: Bearer …`. Where it is `AccessTokens`, it is asked for before every attempt, and a 401 whose
   * error is `source_unauthorized` (that of `refusal`, or the client's own) is told to it; if it then has another token,
   * the request is tried once more with that one, and only once.
   */
  readonly accessToken?: AccessToken | undefined;
  /** Where requests go: an undici dispatcher. Default: an Agent that all clients of the process share, HTTP/1.1, no proxy. */
  readonly transport?: Transport | undefined;
  /**
   * Milliseconds one attempt may take, from asking to the last byte of the body, the reader's own time included.
   * Default 60,000. Reached, it ends the request with `source_timeout` and is not tried again.
   */
  readonly deadlineMs?: number | undefined;
  /** The largest body in bytes, both as sent and after decompression. Default 32 MiB. */
  readonly maxBytes?: number | undefined;
  readonly retry?: RetryPolicy | undefined;
  /**
   * Reads from a 429 when the vendor wants to be asked again; null if it does not say. Default: `Retry-After`.
   * Where nobody says, the pauses of `retry` apply.
   */
  readonly rateLimit?: ((answer: ErrorAnswer, now: Date) => RateLimit | null) | undefined;
  /**
   * Makes the error of an answer from 400 on, when it will not be tried again (429 excepted). Null leaves it to the
   * client: 401 `source_unauthorized`, 403 `source_forbidden`, other 4xx `source_refused`, 5xx `source_unavailable`.
   */
  readonly refusal?: ((answer: ErrorAnswer) => ContactSyncError | null) | undefined;
  /** Waited for before every attempt: whoever counts requests together with other processes lets it go on then. */
  readonly beforeRequest?: ((options: { readonly signal: AbortSignal }) => Promise<void>) | undefined;
  /** Default: the machine's clock. */
  readonly now?: (() => Date) | undefined;
  /** Waits, and rejects when the signal aborts. Default: a timer. */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** At least 0 and below 1, for the jitter. Default: Math.random. */
  readonly random?: (() => number) | undefined;
};

/** A request that only reads, though its system wants it as a POST. */
export type PostRead = {
  /** The one address: scheme, host, port and path, letter for letter, without a query. */
  readonly url: string;
  /**
   * What the body may be. The body is compared as it would arrive, after it was made JSON: with what this schema makes
   * of it, which must be the same. So fields that the schema does not name never pass, strict or not; name the action
   * as `z.literal`, and leave no room for a second one (`z.unknown`, `z.looseObject`).
   */
  readonly body: z.ZodType;
};

export type HeaderValues = Readonly<Record<string, string>>;

/**
 * Tried again are connections that fail or break before the first byte of the body was handed over, 429, and 5xx
 * except 501. The pause before try n + 1 is random between 0 and `baseMs` × 2^(n−1), at most `capMs` (full jitter).
 */
export type RetryPolicy = {
  /** All tries together, the first included. Default 4. */
  readonly attempts?: number | undefined;
  /** Default 500. */
  readonly baseMs?: number | undefined;
  /** Default 20,000. */
  readonly capMs?: number | undefined;
  /** The longest pause a vendor may ask for; a longer one ends the read with `resumeAt`. Default 90,000. */
  readonly maxWaitMs?: number | undefined;
};

/**
 * When to ask again: short enough to wait for, perhaps, or a moment at which the run may be taken up again. `waitMs` is
 * null where the vendor does not say.
 */
export type RateLimit = ({ readonly waitMs: number | null } | { readonly resumeAt: Date }) & {
  /** Which limit it is, after "the limit of requests": `of a day`. */
  readonly which?: string | undefined;
  /** What the vendor's support asks for. */
  readonly reference?: string | undefined;
};

/** An answer from 400 on. */
export type ErrorAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** The first 64 KiB of the decoded body; what is not UTF-8 is replaced. Empty where it could not be read. */
  readonly body: string;
  /** What was asked, fit for an error's message: `GET https://api.example.com/list`. Without the query and the body sent. */
  readonly request: string;
};

export type HttpClient = {
  /**
   * Asks for a document. Resolves with a 2xx answer whose first bytes have arrived.
   *
   * @param url absolute; a URL whose origin is not in `origins` is refused before anything is sent
   * @throws ContactSyncError `source_origin`, `source_redirected`, `source_unreachable`, `source_unavailable`,
   *   `source_timeout`, `source_rate_limited`, `source_unauthorized`, `source_forbidden`, `source_refused`,
   *   `source_too_large`, `source_unreadable`, `source_incomplete`, `setting_invalid` (a header that cannot be sent),
   *   `cancelled`, or what `refusal` makes
   */
  get(url: string | URL, options: { readonly signal: AbortSignal }): Promise<HttpAnswer>;
  /**
   * Asks with a JSON body, sent as `application/json`. Only reads may be sent this way, so they are tried again as
   * those of `get` are.
   *
   * @param url as for `get`
   * @throws ContactSyncError what `get` throws; `internal`, before anything is sent, if this is none of the requests
   *   of `posts`
   */
  post(url: string | URL, json: unknown, options: { readonly signal: AbortSignal }): Promise<HttpAnswer>;
};

/**
 * A 2xx answer. Its body can be read once, in one of three ways. What goes wrong meanwhile throws `source_timeout`,
 * `source_too_large`, `source_unreadable`, `source_incomplete` or `cancelled`, and is not tried again: part of it
 * was handed over. A body without a stated length that is cut off ends like a whole one, so the connector must see
 * from the content that it is complete.
 */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** What was asked, fit for an error's message; see `ErrorAnswer`. */
  readonly request: string;
  /** The decompressed bytes. Leaving the loop early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The body as pieces of text. It must be UTF-8; a byte order mark is dropped. */
  textChunks(): AsyncIterable<string>;
  /** The whole body as text. It must be UTF-8; a byte order mark is dropped. */
  text(): Promise<string>;
  /** Gives up a body that is not wanted, and its connection. Does nothing when the body was read. */
  discard(): Promise<void>;
};
