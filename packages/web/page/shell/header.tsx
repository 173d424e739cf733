import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Badge } from '../components/badge.js';
import { Button } from '../components/button.js';
import { useSay } from '../components/messages.js';
import { Theirs } from '../components/theirs.js';
import { sessionApi } from '../lib/api.js';
import { useBook } from '../lib/book.js';
import { useBack, useEvent } from '../lib/events.js';
import { baseOf } from '../lib/place.js';
import { asApiError, createRequest } from '../lib/request.js';
import type { Session } from '../lib/types.js';
import { useData } from '../lib/use-data.js';
import { dropStale, markStale } from '../pages/contacts/kept-list.js';

const links = [
  ['/contacts', 'Contacts'],
  ['/sync', 'Sync'],
  ['/review', 'Review'],
  ['/history', 'History'],
  ['/connections', 'Connections'],
] as const;

export function Header() {
  const { session } = useBook();
  return (
    <header class="top">
      <div class="top-row">
        <BookChooser />
        <Who session={session} />
      </div>
      <Navigation />
    </header>
  );
}

function Navigation() {
  const { href } = useBook();
  const { path } = useLocation();
  const open = useOpenCount();
  return (
    <nav aria-label="Pages">
      <ul>
        {links.map(([to, name]) => {
          const at = href(to);
          const here =
            path === at || path.startsWith(`${at}/`) || (to === '/sync' && path.startsWith(href('/previews/')));
          return (
            <li key={to}>
              <a
                href={at}
                onClick={to === '/contacts' ? dropStale : undefined}
                {...(here ? { 'aria-current': 'page' as const } : {})}
              >
                {name}
                {to === '/review' && open > 0 ? (
                  <>
                    {' '}
                    <Badge kind="open">
                      {open.toLocaleString('en')}
                      <span class="unseen"> waiting</span>
                    </Badge>
                  </>
                ) : null}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** How many records wait for a person. */
function useOpenCount(): number {
  const { api, book } = useBook();
  const { data, reload } = useData(`open ${book}`, (signal) => api.review({ limit: 1 }, signal));
  useEvent('run', (event) => {
    if (event.book !== book) return;
    reload();
    if (event.source !== null && event.outcome === 'applied') markStale();
  });
  useBack(reload);
  return data === undefined ? 0 : data.counts.held + data.counts.rejected;
}

function BookChooser() {
  const { book, session } = useBook();
  const { route } = useLocation();
  if (session.books.length < 2) {
    return (
      <p class="book">
        <Theirs text={book} />
      </p>
    );
  }
  return (
    <label class="book">
      <span class="unseen">Contact book</span>
      <select value={book} onChange={(event) => route(`${baseOf(event.currentTarget.value, session.books)}/contacts`)}>
        {session.books.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Who is signed in, and the way out. */
export function Who({ session }: { readonly session: Session }) {
  const say = useSay();
  const [gone, setGone] = useState(false);
  const signOut = async () => {
    try {
      await sessionApi(createRequest({ csrfToken: session.csrfToken })).signOut();
      setGone(true);
      location.assign('/');
    } catch (error) {
      say(asApiError(error)?.message ?? '', 'wrong');
    }
  };
  return (
    <p class="who-am-i">
      <span>
        <Theirs text={session.user} /> <span class="soft">({session.role})</span>
      </span>
      {session.by === 'link' ? (
        <Button kind="quiet" busy={gone} onClick={signOut}>
          Sign out
        </Button>
      ) : null}
    </p>
  );
}
