export { httpClient } from './http/http-client.js';
export { retryAfter } from './http/retry-after.js';
export type {
  ErrorAnswer,
  HeaderValues,
  HttpAnswer,
  HttpClient,
  HttpSettings,
  RateLimit,
  RetryPolicy,
  Transport,
} from './http/types.js';
