import type { AuthorizationServer } from 'oauth4webapi';
import type { OAuthVendor } from './vendor.js';

/** The vendor as the library knows one. */
export function serverOf({ issuer, authorizeUrl, tokenUrl }: OAuthVendor): AuthorizationServer {
  return { issuer, authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl };
}
