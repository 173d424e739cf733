import { useMemo } from 'preact/hooks';
import { ErrorBoundary, Route, Router, useLocation } from 'preact-iso';
import { fleetApi } from '../lib/api.js';
import { FleetContext, type FleetPlace } from '../lib/fleet.js';
import { isReadable } from '../lib/place.js';
import { createRequest } from '../lib/request.js';
import type { Session } from '../lib/types.js';
import { Firms } from '../pages/fleet/firms.js';
import { Top } from '../pages/fleet/top.js';
import { Who } from './header.js';
import { NoSuchPage } from './no-such-page.js';

const links = [
  ['/', 'All connections'],
  ['/top', 'Top'],
] as const;

type Props = { readonly session: Session; readonly signedOut: () => void };

/** The pages of a fleet, for its operators. */
export function FleetApp({ session, signedOut }: Props) {
  const { path } = useLocation();
  const place = useMemo<FleetPlace>(
    () => ({
      api: fleetApi(createRequest({ csrfToken: session.csrfToken, signedOut })),
      administrator: session.role === 'administrator',
    }),
    [session],
  );
  const nowhere = <NoSuchPage home="/" to="To all connections" />;
  return (
    <FleetContext.Provider value={place}>
      <a class="skip-link" href="#main">
        Skip to what the page is about
      </a>
      <header class="top">
        <div class="top-row">
          <p class="book">Fleet</p>
          <Who session={session} />
        </div>
        <nav aria-label="Pages">
          <ul>
            {links.map(([to, name]) => (
              <li key={to}>
                <a href={to} {...(path === to ? { 'aria-current': 'page' as const } : {})}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {isReadable(path) ? (
          <ErrorBoundary>
            <Router>
              <Route path="/" component={Firms} />
              <Route path="/top" component={Top} />
              <Route default component={() => nowhere} />
            </Router>
          </ErrorBoundary>
        ) : (
          nowhere
        )}
      </main>
    </FleetContext.Provider>
  );
}
