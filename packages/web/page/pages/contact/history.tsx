import { DecisionWhy } from '@contact-sync/runner/components';
import { Button } from '../../components/button.js';
import { ErrorNote, Loading } from '../../components/notes.js';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import type { HistoryEntry } from '../../lib/types.js';
import type { Listed } from '../../lib/use-list.js';
import { outcomeSentences } from '../history/run-words.js';

/** Everything that happened to a contact, the newest first. */
export function History({ history }: { readonly history: Listed<HistoryEntry> }) {
  const { items, next, loading, waiting, error, list } = history;
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {waiting ? <Loading /> : null}
      {items.length === 0 && !loading && error === null ? (
        <p class="soft">The history of this contact is older than the book keeps what its runs changed.</p>
      ) : null}
      <ol class="list">
        {items.map((entry, index) => (
          <Entry key={`${entry.run.id} ${index}`} entry={entry} />
        ))}
      </ol>
      <ErrorNote error={error} retry={list.more} />
      {typeof next === 'string' && error === null ? (
        <Button busy={loading} onClick={list.more}>
          Show older
        </Button>
      ) : null}
    </section>
  );
}

function Entry({ entry: { run, decision } }: { readonly entry: HistoryEntry }) {
  const { href } = useBook();
  return (
    <li>
      <p>
        <Time at={run.at} />{' '}
        <span class="soft">
          by <Theirs text={run.actor} />, <a href={href(`/history/${encodeURIComponent(run.id)}`)}>run {run.id}</a>
        </span>
      </p>
      {run.why === null ? null : (
        <p class="soft">
          “<Theirs text={run.why} />”
        </p>
      )}
      {run.outcome === 'blocked' ? <p>{outcomeSentences.blocked} It would have been this:</p> : null}
      <DecisionWhy decision={decision} />
    </li>
  );
}
