import { numberText } from '@contact-sync/runner/components';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { Button } from '../../components/button.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { SearchField } from '../../components/search-field.js';
import { useBook } from '../../lib/book.js';
import { useEvent } from '../../lib/events.js';
import type { Contact } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { useList } from '../../lib/use-list.js';
import { useSoon } from '../../lib/use-soon.js';
import { AddContact } from './add-contact.js';
import { addressOf, type Filter, filterOf, noFilter, toAsk } from './filter.js';
import { Filters } from './filters.js';
import { dropList, isStale, keepPlace, keptList, keptPlace, markFresh } from './kept-list.js';
import { Rows } from './rows.js';
import { useSourceTitles } from './use-source-titles.js';
import './contacts.css';

const atOnce = 200;

/** Every contact of the book: found while one types, filtered, and opened. */
export function Contacts() {
  const { api, book, href, administrator } = useBook();
  const { route } = useLocation();
  // Of this page: the address may be another's already while that is being loaded.
  const { query } = useRoute();
  const filter = filterOf(query);
  const address = addressOf(filter);
  const key = `${book} ${address}`;
  const ask = toAsk(filter);

  const [stale, setStale] = useState(() => isStale(key));
  const [round, setRound] = useState(0);
  const { list, waiting, items, next, error, loading } = useList<Contact>(
    `${key} ${round}`,
    async (after, signal) => {
      const page = await api.contacts({ ...ask, limit: atOnce, ...(after === undefined ? {} : { after }) }, signal);
      return { items: page.contacts, next: page.next };
    },
    (_, fresh) => keptList(key, address, fresh),
  );
  // What is said of another filter's contacts stays until the answer is there, with its words.
  const count = useData(
    `${key} ${round}`,
    async (signal) => ({ ...(await api.count(ask, signal)), filtered: address !== '' }),
    { keep: true },
  );
  const { connections, titleOf } = useSourceTitles();

  const row = useKeptPlace(key, waiting);
  const soon = useSoon(() => {
    markFresh();
    list.reload();
    count.reload();
  });
  useEvent('run', (event) => {
    if (event.book !== book || event.source === null || event.outcome !== 'applied') return;
    // Whoever is at the top sees the book as it is; nobody who has scrolled loses their place.
    if (window.scrollY === 0) return soon();
    setStale(true);
  });
  const renew = () => {
    dropList();
    setStale(false);
    setRound((before) => before + 1);
  };

  const field = useRef<HTMLInputElement>(null);
  const enter = useRef(() => undefined as unknown);
  const change = (by: Partial<Filter>, replace = true) => {
    const to = addressOf({ ...filter, ...by });
    if (to === address) return;
    if (window.scrollY > 0) window.scrollTo(0, 0);
    route(`${href('/contacts')}${to}`, replace);
  };
  const [adding, setAdding] = useState(false);

  return (
    <Page
      title="Contacts"
      actions={
        administrator ? (
          <Button kind="primary" onClick={() => setAdding(true)}>
            Add a contact
          </Button>
        ) : undefined
      }
    >
      <search class="list-search">
        <SearchField
          text={filter.text}
          placeholder="Name, email, phone or id"
          field={field}
          onSearch={(text) => change({ text })}
          onDown={() => enter.current?.()}
        />
        <Filters filter={filter} connections={connections} onChange={(by) => change(by, false)} />
        <p class="found soft" role="status" aria-busy={loading}>
          {count.data === undefined ? ' ' : found(count.data.count, count.data.filtered)}
        </p>
      </search>
      {stale ? (
        <p class="notice stale" role="status">
          A sync has changed the book since. <Button onClick={renew}>Show it as it is now</Button>
        </p>
      ) : null}
      <ErrorNote error={error} retry={list.more} />
      {items.length === 0 && waiting ? <Loading /> : null}
      {items.length === 0 && !loading && error === null ? (
        <None filtered={address !== ''} all={() => change(noFilter, false)} />
      ) : null}
      <Rows
        contacts={items}
        total={count.data?.count ?? null}
        ended={waiting || next === null || error !== null}
        sourceTitle={titleOf}
        more={list.more}
        row={row}
        onRow={(index) => keepPlace(key, { row: index })}
        enter={enter}
        leave={() => field.current?.focus()}
      />
      {adding ? <AddContact onClose={() => setAdding(false)} onAdded={dropList} /> : null}
    </Page>
  );
}

function found(count: number, filtered: boolean): string {
  const contacts = `${numberText(count)} ${count === 1 ? 'contact' : 'contacts'}`;
  return filtered ? `${contacts} found` : contacts;
}

function None({ filtered, all }: { readonly filtered: boolean; readonly all: () => void }) {
  const { href, administrator } = useBook();
  if (filtered) {
    return (
      <Empty title="No contact fits.">
        <p>
          <Button onClick={all}>Show all contacts</Button>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="There are no contacts yet.">
      {administrator ? (
        <p>
          <a href={href('/connections/new')}>Connect a system</a>, or add a contact by hand.
        </p>
      ) : null}
    </Empty>
  );
}

/** Whoever comes back from a contact is where they were. The answer is the row that is to have the focus. */
function useKeptPlace(key: string, waiting: boolean): number | null {
  const latest = useRef(key);
  latest.current = key;
  const [place] = useState(() => keptPlace(key));
  useLayoutEffect(() => {
    if (waiting || place.scroll === 0) return;
    const scroll = () => window.scrollTo(0, place.scroll);
    scroll();
    // After what opens a page has scrolled to its top.
    if (place.wanted) requestAnimationFrame(scroll);
  }, []);
  useEffect(() => {
    const here = location.pathname;
    const keep = () => {
      // Another page may have scrolled to its top already.
      if (location.pathname === here) keepPlace(latest.current, { scroll: window.scrollY });
    };
    addEventListener('scroll', keep, { passive: true });
    return () => removeEventListener('scroll', keep);
  }, []);
  return place.scroll > 0 || place.wanted ? place.row : null;
}
