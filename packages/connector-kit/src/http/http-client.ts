import type { HttpClient, HttpSettings } from './types.js';

export function httpClient(_settings: HttpSettings): HttpClient {
  throw new Error('not built yet');
}
