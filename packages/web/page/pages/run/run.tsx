import { Counts, Guards } from '@contact-sync/runner/components';
import { useState } from 'preact/hooks';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import { useEvent } from '../../lib/events.js';
import type { ApiError } from '../../lib/request.js';
import type { RunDetail } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { useSoon } from '../../lib/use-soon.js';
import { Mark } from '../connections/mark.js';
import '../connections/style.css';
import { kindWords, outcomeMarks, outcomeSentences } from '../history/run-words.js';
import { ConnectionChanges } from '../preview/connection-changes.js';
import { DecisionGroups } from '../preview/decision-groups.js';
import { PreviewButton } from '../preview/start-preview.js';
import { FailureTodo } from './failure-todo.js';
import { Reports } from './reports.js';
import { RunFacts } from './run-facts.js';

/** A line of the history: what it changed, who did it, and what can be done about it. */
export function Run({ id }: { readonly id: string }) {
  // From one to another is another page: its heading gets the focus.
  return <RunPage key={id} id={id} />;
}

function RunPage({ id }: { readonly id: string }) {
  const { api, book, href } = useBook();
  const { data, error, reload } = useData(`run ${book} ${id}`, (signal) => api.run(id, signal));
  // Whether it can be undone or approved depends on the runs after it.
  const soon = useSoon(reload);
  useEvent('run', (event) => event.book === book && soon());

  if (error?.status === 404) {
    return (
      <Page title={`Run ${id}`}>
        <Empty title="The history has no such run.">
          <a href={href('/history')}>To the history</a>
        </Empty>
      </Page>
    );
  }
  if (data === undefined) {
    return <Page title={`Run ${id}`}>{error === null ? <Loading /> : <ErrorNote error={error} retry={reload} />}</Page>;
  }
  return (
    <Page title={`Run ${id}: ${kindWords(data.run)}`} actions={<Actions detail={data} />}>
      <Detail detail={data} />
    </Page>
  );
}

function Detail({ detail }: { readonly detail: RunDetail }) {
  const { api } = useBook();
  const { run, groups, notApprovable } = detail;
  const { id, outcome, blocked, error, purged, counts } = run;
  const counted = Object.keys(counts.reasons).length > 0 || counts.rows > 0;
  return (
    <>
      <p>
        <Mark mark={outcomeMarks[outcome]} />
        <b>{outcomeSentences[outcome]}</b>
      </p>
      <Guards blocked={blocked} />
      {outcome === 'blocked' && notApprovable !== null ? <p class="soft">{notApprovable}</p> : null}
      {error === null ? null : (
        <div class="notice">
          <p>
            <Theirs text={error.message} />
          </p>
          <FailureTodo code={error.code} source={run.source} />
          <p class="code soft">{error.code}</p>
        </div>
      )}
      {outcome === 'applied' ? <ConnectionChanges changes={run.connections} done /> : null}
      <RunFacts detail={detail} />
      {counted ? (
        <section>
          <h2>What became of the {counts.rows === 0 ? 'contacts' : 'records'}</h2>
          <Counts counts={counts} />
        </section>
      ) : null}
      {purged ? (
        <p class="notice">The run is older than the book keeps what it changed: only the counts are left.</p>
      ) : null}
      {groups.some(({ listed }) => listed > 0) ? (
        <section>
          <h2>One by one</h2>
          <DecisionGroups
            done={outcome === 'applied'}
            groups={groups}
            load={(query, signal) => api.runDecisions(id, query, signal)}
          />
        </section>
      ) : null}
      {counted ? <Reports id={id} /> : null}
    </>
  );
}

/** What an administrator can do about a run: undo it, or look at the plan that a guard stopped. */
function Actions({ detail }: { readonly detail: RunDetail }) {
  const { administrator } = useBook();
  const [error, setError] = useState<ApiError | null>(null);
  const { run, notApprovable } = detail;
  if (!administrator) return null;
  return (
    <>
      {run.outcome === 'blocked' && notApprovable === null ? (
        <PreviewButton about={{ kind: 'approve', run: run.id }} kind="primary" onError={setError}>
          Look and approve
        </PreviewButton>
      ) : null}
      {run.outcome === 'applied' ? (
        <PreviewButton about={{ kind: 'undo', run: run.id }} disabledWhy={run.notUndoable} onError={setError}>
          Undo
        </PreviewButton>
      ) : null}
      <ErrorNote error={error} />
    </>
  );
}
