import { numberText } from '@contact-sync/runner/components';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import { useNow } from '../../lib/clock.js';
import type { Connection, Run } from '../../lib/types.js';
import { outcomeWords, summaryWords } from '../history/run-words.js';
import { limitsWords } from './progress-words.js';
import { scheduleWords } from './schedule.js';

/** When a connection was synced, what came of it, and when it is synced next. */
export function LastAndNext({ connection }: { readonly connection: Connection }) {
  const { lastRun, lastAt, lastGoodAt, schedule, requestsLeft, contacts, stored } = connection;
  const left = limitsWords(requestsLeft);
  return (
    <dl class="details">
      <dt>Last sync</dt>
      <dd>{lastRun === null ? lastAt === null ? 'Never' : <Time at={lastAt} /> : <LastRun run={lastRun} />}</dd>
      {lastGoodAt !== null && lastRun !== null && lastRun.outcome !== 'applied' && lastRun.outcome !== 'unchanged' ? (
        <>
          <dt>Last good sync</dt>
          <dd>
            <Time at={lastGoodAt} />
          </dd>
        </>
      ) : null}
      <dt>Next sync</dt>
      <dd>
        <Next connection={connection} />
        {stored ? <span class="soft"> {scheduleWords(schedule ?? 'hourly')}.</span> : null}
      </dd>
      {left === null ? null : (
        <>
          <dt>Requests left</dt>
          <dd class="numbers">{left}</dd>
        </>
      )}
      <dt>Contacts</dt>
      <dd class="numbers">{numberText(contacts)}</dd>
    </dl>
  );
}

function LastRun({ run }: { readonly run: Run }) {
  const { href } = useBook();
  const summary = summaryWords(run);
  return (
    <>
      <Time at={run.at} />
      <br />
      <a href={href(`/history/${encodeURIComponent(run.id)}`)}>{outcomeWords[run.outcome]}</a>
      {summary === '' ? null : (
        <>
          : <Theirs text={summary} />
        </>
      )}
    </>
  );
}

function Next({ connection }: { readonly connection: Connection }) {
  const now = useNow();
  const { nextAt, running, state, stored } = connection;
  if (running) return <>After this one.</>;
  if (state === 'paused') return <>Not until it is resumed.</>;
  if (!stored) return <>Not by this service.</>;
  if (nextAt === null) return <>Not planned.</>;
  return Date.parse(nextAt) <= now ? <>In a moment.</> : <Time at={nextAt} />;
}
