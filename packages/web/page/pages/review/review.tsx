import { numberText } from '@contact-sync/runner/components';
import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { Button } from '../../components/button.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { useBook } from '../../lib/book.js';
import { useBack, useEvent } from '../../lib/events.js';
import type { Review as Answer, ReviewItem } from '../../lib/types.js';
import { useList } from '../../lib/use-list.js';
import { useSoon } from '../../lib/use-soon.js';
import { useSourceTitles } from '../contacts/use-source-titles.js';
import { grouped } from './grouped.js';
import { Item } from './item.js';
import './review.css';

const atOnce = 25;
const kinds = ['held', 'rejected'] as const;

/** Records that wait for a person, by their reason, with whom they may be about and what can be done. */
export function Review() {
  const { api, book, href } = useBook();
  const { route } = useLocation();
  // Of this page: the address may be another's already while that is being loaded.
  const { query } = useRoute();
  const kind = kinds.find((one) => one === query.kind) ?? null;
  const source = query.source === undefined || query.source === '' ? null : query.source;
  const { connections, titleOf } = useSourceTitles();
  const [counts, setCounts] = useState<Answer['counts'] | null>(null);

  const review = useList<ReviewItem>(`${book} ${kind} ${source}`, async (after, signal) => {
    const page = await api.review(
      {
        limit: atOnce,
        ...(kind === null ? {} : { kind }),
        ...(source === null ? {} : { source }),
        ...(after === undefined ? {} : { after }),
      },
      signal,
    );
    setCounts(page.counts);
    return { items: page.items, next: page.next };
  });
  const { items, next, error, loading, waiting, list } = review;
  const soon = useSoon(list.reload);
  useEvent('run', (event) => event.book === book && soon());
  useBack(soon);

  const show = (change: { kind?: string | null; source?: string | null }) => {
    const wanted = { kind, source, ...change };
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted)) if (value) params.set(name, value);
    route(`${href('/review')}${params.size === 0 ? '' : `?${params}`}`);
  };

  return (
    <Page title="Review">
      <p class="soft">What the last sync of each source could not take over, or holds until somebody has looked.</p>
      <fieldset class="filters">
        <legend class="unseen">Filter</legend>
        {[null, ...kinds].map((one) => (
          <button
            key={one ?? 'all'}
            type="button"
            class="toggle"
            aria-pressed={kind === one}
            onClick={() => show({ kind: one })}
          >
            {nameOf(one, counts)}
          </button>
        ))}
        {connections.length < 2 ? null : (
          <select
            aria-label="Source"
            value={source ?? ''}
            onChange={(event) => show({ source: event.currentTarget.value || null })}
          >
            <option value="">All sources</option>
            {connections.map((connection) => (
              <option key={connection.source} value={connection.source}>
                {`${connection.title} (${connection.source})`}
              </option>
            ))}
          </select>
        )}
      </fieldset>
      {items.length === 0 && waiting ? <Loading /> : null}
      {items.length === 0 && !loading && error === null ? (
        <Empty title="Nothing waits for a person.">
          <p>Records that a sync holds or cannot take over are shown here, each with its reason.</p>
        </Empty>
      ) : null}
      {grouped(items).map(({ reason, sentence, hint, items: some }) => (
        <section key={reason} aria-labelledby={`group-${reason}`} class="review-group">
          <h2 id={`group-${reason}`}>{sentence}</h2>
          <p class="soft">
            {hint} <span class="code">{reason}</span>
          </p>
          <ul class="list">
            {some.map((item) => (
              <Item
                key={`${item.run} ${item.decision.externalId} ${item.decision.note}`}
                item={item}
                title={item.source === null ? null : titleOf(item.source)}
                onDone={list.reload}
              />
            ))}
          </ul>
        </section>
      ))}
      <ErrorNote error={error} retry={items.length === 0 ? list.reload : list.more} />
      {typeof next === 'string' && error === null ? (
        <Button busy={loading} onClick={list.more}>
          Show more
        </Button>
      ) : null}
    </Page>
  );
}

function nameOf(kind: 'held' | 'rejected' | null, counts: Answer['counts'] | null): string {
  const name = kind === null ? 'All' : kind === 'held' ? 'Held' : 'Rejected';
  if (counts === null) return name;
  return `${name} (${numberText(kind === null ? counts.held + counts.rejected : counts[kind])})`;
}
