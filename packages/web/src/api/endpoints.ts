import type { VaultClock } from '@contact-sync/core';
import type { OperatedFleet } from '@contact-sync/runner';
import type { Hub } from '../events/hub.js';
import type { Endpoint } from './endpoint.js';
import { documentEndpoint } from './openapi.js';
import { connectionEndpoints } from './routes/connections.js';
import { contactEndpoints } from './routes/contacts.js';
import { eventEndpoint } from './routes/events.js';
import { fleetRoutes } from './routes/fleet.js';
import { previewEndpoints } from './routes/previews.js';
import { reviewEndpoints } from './routes/review.js';
import { runEndpoints } from './routes/runs.js';
import { sessionEndpoints } from './routes/session.js';

export type Live = { readonly hub: Hub; readonly clock: VaultClock; readonly over: AbortSignal };

/** The whole API of books: what is not here is not answered. */
export function endpoints(live: Live): readonly Endpoint[] {
  const all = [
    ...sessionEndpoints('books'),
    ...contactEndpoints,
    ...connectionEndpoints,
    ...previewEndpoints,
    ...runEndpoints,
    ...reviewEndpoints,
    eventEndpoint(live),
  ];
  return [...all, documentEndpoint(all)];
}

/** The whole API of a fleet. */
export function fleetEndpoints(fleet: OperatedFleet): readonly Endpoint[] {
  const all = [...sessionEndpoints('fleet'), ...fleetRoutes(fleet)];
  return [...all, documentEndpoint(all)];
}
