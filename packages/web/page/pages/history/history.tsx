import { useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import type { Run } from '../../lib/types.js';
import { useKeptFocus } from '../../lib/use-kept-focus.js';
import { Mark } from '../connections/mark.js';
import '../connections/style.css';
import { type Filter, RunFilters, shown } from './run-filters.js';
import { kindWords, outcomeMarks, outcomeWords, summaryWords } from './run-words.js';
import { useRuns } from './use-runs.js';

/** Everything that was done to the book, the newest first. */
export function History() {
  const { runs, next, error, more, reload } = useRuns();
  const [filter, setFilter] = useState<Filter>({ outcome: '', source: '' });
  const list = useRef<HTMLOListElement>(null);
  const fitting = runs?.filter((run) => shown(run, filter));
  const pressed = useKeptFocus(list, fitting?.length ?? 0);
  const older = () => {
    pressed();
    return more();
  };
  return (
    <Page title="History">
      <ErrorNote error={error} retry={reload} />
      {runs === undefined && error === null ? <Loading /> : null}
      {runs?.length === 0 ? (
        <Empty title="Nothing was done yet.">
          <p>Every sync and every change by hand is listed here, with who did it and what it changed.</p>
        </Empty>
      ) : null}
      {runs === undefined || runs.length === 0 ? null : <RunFilters runs={runs} filter={filter} onChange={setFilter} />}
      {fitting?.length === 0 && runs !== undefined && runs.length > 0 ? (
        <p class="soft">None of the runs that are loaded fits.</p>
      ) : null}
      <ol class="list runs" ref={list}>
        {fitting?.map((run) => (
          <li key={run.id} tabIndex={-1}>
            <Line run={run} />
          </li>
        ))}
      </ol>
      {next === null ? null : <Button onClick={older}>Show older runs</Button>}
    </Page>
  );
}

function Line({ run }: { readonly run: Run }) {
  const { href } = useBook();
  const { id, at, actor, why, source, outcome, error } = run;
  const summary = summaryWords(run);
  return (
    <>
      <p class="run-head">
        <a class="title-link" href={href(`/history/${encodeURIComponent(id)}`)}>
          {kindWords(run)}{' '}
          <span class="soft">
            (run <Theirs text={id} />)
          </span>
        </a>
        <span class="outcome">
          <Mark mark={outcomeMarks[outcome]} />
          {outcomeWords[outcome]}
        </span>
      </p>
      <p class="soft">
        <Time at={at} />, by <Theirs text={actor} />
        {source === null ? null : (
          <>
            ,{' '}
            <span class="code">
              <Theirs text={source} />
            </span>
          </>
        )}
      </p>
      {why === null ? null : (
        <p>
          “<Theirs text={why} />”
        </p>
      )}
      {summary === '' ? null : (
        <p class="numbers">
          <Theirs text={summary} /> {error === null ? null : <span class="code soft">{error.code}</span>}
        </p>
      )}
      {outcome === 'blocked' ? (
        <p>
          <a
            href={href(`/history/${encodeURIComponent(id)}`)}
            aria-label={`Look at it: run ${id}, which a guard stopped`}
          >
            Look at it
          </a>
        </p>
      ) : null}
    </>
  );
}
