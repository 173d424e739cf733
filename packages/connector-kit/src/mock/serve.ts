import type { RequestHandler } from 'msw';

export type MockServer = {
  /** Where it listens, without a slash at the end: `http://127.0.0.1:49152`. */
  readonly url: string;
  /** Ends open connections too, and resolves when nothing is left running. */
  close(): Promise<void>;
};

/** Serves msw handlers that were written for `origin` on a loopback port. */
export function serveMock(
  _handlers: readonly RequestHandler[],
  _options: { readonly origin: string; readonly port?: number | undefined },
): Promise<MockServer> {
  throw new Error('not built yet');
}
