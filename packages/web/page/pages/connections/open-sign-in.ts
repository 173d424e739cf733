import { ApiError } from '../../lib/request.js';

/** Leaves for the vendor's page, in this tab: it comes back to ours. Nothing but a page is opened. */
export function openSignIn(url: string): void {
  if (!/^https?:$/.test(new URL(url).protocol)) {
    throw new ApiError('internal', 'The address to sign in at is no page.', 'Look into the log of the service.', 0);
  }
  location.assign(url);
}
