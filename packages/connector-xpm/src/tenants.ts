import { type HttpSettings, httpClient, readJson } from '@contact-sync/connector-kit';
import type { Tenant } from '@contact-sync/core';
import { z } from 'zod';
import { failure } from './errors.js';
import { rateLimitOf, referenceOf, refusalOf } from './refusals.js';

/*
 * - confirmed: GET /connections needs the token and no tenant. It lists what the person allowed the app to see, of every
 *   kind: ORGANISATION (accounting), PRACTICE (Xero HQ), PRACTICEMANAGER. Only the last one is Practice Manager.
 * - confirmed: tenantName may be null. The times have no zone; they are not read.
 */
const connectionsSchema = z.array(
  z.object({ tenantId: z.guid(), tenantType: z.string(), tenantName: z.string().nullish() }),
);

type Access = Pick<HttpSettings, 'accessToken' | 'transport' | 'now' | 'wait' | 'random'>;

/**
 * The practices that a grant opens, in Xero's order.
 *
 * @throws ContactSyncError what `HttpClient.get` throws, `source_unreadable`, and `source_forbidden` if there is none
 */
export async function tenantsOf(url: string, access: Access, signal: AbortSignal): Promise<readonly Tenant[]> {
  const http = httpClient({
    ...access,
    origins: [new URL(url).origin],
    userAgent: 'contact-sync (connector-xpm)',
    headers: () => ({ accept: 'application/json' }),
    rateLimit: rateLimitOf,
    refusal: refusalOf,
  });
  const answer = await http.get(url, { signal });
  const connections = await readJson(answer, connectionsSchema);
  const practices = connections.filter(({ tenantType }) => tenantType === 'PRACTICEMANAGER');
  if (practices.length === 0) {
    const message = `The sign-in opens ${connections.length} Xero accounts, and none of them is in Practice Manager.`;
    const hint =
      'Connect it again as somebody with the privilege "Connect third-party add-ons" in Practice Manager (older: "Authorise 3rd Party Full Access"), and choose the practice on Xero\'s page.';
    throw failure('source_forbidden', message, hint, referenceOf(answer.headers));
  }
  return practices.map(({ tenantId, tenantName }) => {
    const id = tenantId.toLowerCase();
    return { id, title: tenantName?.trim() || null, settings: { tenantId: id } };
  });
}
