export { httpClient } from './http/http-client.js';
export { retryAfter } from './http/retry-after.js';
export type {
  ErrorAnswer,
  HeaderValues,
  HttpAnswer,
  HttpClient,
  HttpSettings,
  PostRead,
  RateLimit,
  RetryPolicy,
  Transport,
} from './http/types.js';
export { type OAuthSettings, openSignIn } from './oauth/open-sign-in.js';
export { accessTokenSetting } from './oauth/setting.js';
export type { OAuthVendor } from './oauth/vendor.js';
export { readJson } from './read-json.js';
export { addressSetting, flagSetting, httpSettings } from './settings.js';
