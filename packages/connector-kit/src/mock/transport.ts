import type { RequestHandler } from 'msw';
import type { Dispatcher } from 'undici';

/**
 * A transport for `httpClient` that answers from msw handlers. A request that no handler answers is an error and
 * never reaches the network. The handlers are looked up at each request, so the array may change meanwhile.
 */
export function mswTransport(_handlers: readonly RequestHandler[]): Dispatcher {
  throw new Error('not built yet');
}
