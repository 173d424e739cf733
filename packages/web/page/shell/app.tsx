import { useEffect, useMemo, useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { Messages } from '../components/messages.js';
import { ErrorNote, Loading } from '../components/notes.js';
import { Page } from '../components/page.js';
import { bookApi, sessionApi } from '../lib/api.js';
import { type Book, BookContext } from '../lib/book.js';
import { type EventStream, EventsContext, openEvents } from '../lib/events.js';
import { baseOf, isReadable, placeOf } from '../lib/place.js';
import { ApiError, createRequest } from '../lib/request.js';
import type { Session } from '../lib/types.js';
import { useData } from '../lib/use-data.js';
import { Header } from './header.js';
import { lazyPage } from './lazy-page.js';
import { NoSuchPage } from './no-such-page.js';

// Each page is a file of its own, loaded when it is opened.
const Contacts = lazyPage(() => import('../pages/contacts/contacts.js').then((module) => module.Contacts));
const Contact = lazyPage(() => import('../pages/contact/contact.js').then((module) => module.Contact));
const Review = lazyPage(() => import('../pages/review/review.js').then((module) => module.Review));
const Sync = lazyPage(() => import('../pages/sync/sync.js').then((module) => module.Sync));
const Preview = lazyPage(() => import('../pages/preview/preview.js').then((module) => module.Preview));
const History = lazyPage(() => import('../pages/history/history.js').then((module) => module.History));
const Run = lazyPage(() => import('../pages/run/run.js').then((module) => module.Run));
const Connections = lazyPage(() => import('../pages/connections/connections.js').then((module) => module.Connections));
const Connection = lazyPage(() => import('../pages/connections/connection.js').then((module) => module.Connection));
const Connect = lazyPage(() => import('../pages/connections/connect.js').then((module) => module.Connect));
const FleetApp = lazyPage(() => import('./fleet-app.js').then((module) => module.FleetApp));
const SignIn = lazyPage(() => import('../pages/connections/sign-in.js').then((module) => module.SignIn));

export function App() {
  return (
    <LocationProvider>
      <Messages>
        <WithSession />
      </Messages>
    </LocationProvider>
  );
}

const anonymous = sessionApi(createRequest({ csrfToken: null }));

function WithSession() {
  const { data, error, reload } = useData('session', anonymous.session);
  const [ended, setEnded] = useState(false);
  if (ended || error?.status === 401) return <SignedOut />;
  const signedOut = () => setEnded(true);
  if (data?.of === 'fleet') {
    return (
      <ErrorBoundary>
        <FleetApp session={data} signedOut={signedOut} />
      </ErrorBoundary>
    );
  }
  if (data !== undefined) return <WithBook session={data} signedOut={signedOut} />;
  return <main class="alone">{error === null ? <Loading /> : <ErrorNote error={error} retry={reload} />}</main>;
}

function SignedOut() {
  return (
    <main class="alone">
      <Page title="Signed out">
        <p>You are not signed in any more, and nothing was lost that you had saved.</p>
        <p>
          Get a new link with <code>contact-sync open</code> (<code>contact-sync fleet open</code> for a fleet), or sign
          in again where you came from.
        </p>
      </Page>
    </main>
  );
}

function WithBook({ session, signedOut }: { readonly session: Session; readonly signedOut: () => void }) {
  const { path, route } = useLocation();
  const place = placeOf(path, session.books);
  const [first] = session.books;
  const astray = place === null && !path.startsWith('/b/') && first !== undefined;
  useEffect(() => {
    if (!astray || first === undefined) return;
    const to = path === '/' ? '/contacts' : `${path}${location.search}`;
    route(`${baseOf(first, session.books)}${to}`, true);
  }, [astray]);
  const { book, base } = place ?? { book: undefined, base: '' };

  const value = useMemo<Book | null>(() => {
    if (book === undefined) return null;
    const request = createRequest({ csrfToken: session.csrfToken, signedOut });
    return {
      book,
      session,
      administrator: session.role === 'administrator',
      api: bookApi(request, book),
      href: (to) => `${base}${to}`,
    };
  }, [session, book, base]);

  const [events, setEvents] = useState<EventStream | null>(null);
  useEffect(() => {
    const stream = openEvents('/api/v1/events');
    setEvents(stream);
    return stream.close;
  }, [session]);

  if (value === null) {
    return astray ? null : (
      <main class="alone">
        <NoSuchPage home="/" to="To the contacts" />
      </main>
    );
  }
  return (
    <EventsContext.Provider value={events}>
      <BookContext.Provider value={value}>
        <a class="skip-link" href="#main">
          Skip to what the page is about
        </a>
        <Header />
        <main id="main" tabIndex={-1} key={value.book}>
          <Pages {...value} />
        </main>
      </BookContext.Provider>
    </EventsContext.Provider>
  );
}

function Pages({ href }: Book) {
  const { path, route } = useLocation();
  const [failed, setFailed] = useState<{ path: string; error: ApiError } | null>(null);
  const home = path === href('') || path === '/';
  useEffect(() => {
    if (home) route(href('/contacts'), true);
  }, [home]);
  if (home) return null;
  if (!isReadable(path)) return <NoSuchPage home={href('/contacts')} to="To the contacts" />;
  if (failed?.path === path) return <ErrorNote error={failed.error} retry={() => location.reload()} />;
  const onError = (error: Error) =>
    setFailed({ path, error: new ApiError('internal', error.message, 'Load the page again.', 0) });
  return (
    <ErrorBoundary onError={onError}>
      <Router>
        <Route path={href('/contacts')} component={Contacts} />
        <Route path={href('/contacts/:id')} component={Contact} />
        <Route path={href('/sync')} component={Sync} />
        <Route path={href('/previews/:id')} component={Preview} />
        <Route path={href('/review')} component={Review} />
        <Route path={href('/history')} component={History} />
        <Route path={href('/history/:id')} component={Run} />
        <Route path={href('/connections')} component={Connections} />
        <Route path={href('/connections/new')} component={Connect} />
        <Route path={href('/connections/:source')} component={Connection} />
        <Route path={href('/connections/sign-in/:id')} component={SignIn} />
        <Route default component={NoSuchPage} home={href('/contacts')} to="To the contacts" />
      </Router>
    </ErrorBoundary>
  );
}
