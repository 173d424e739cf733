import { numberText } from '@contact-sync/runner/components';
import type { ComponentChildren } from 'preact';
import { Badge } from '../../components/badge.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { useFleet } from '../../lib/fleet.js';
import type { Firm } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { useEvery } from '../../lib/use-every.js';
import { keyOf } from './firm-rows.js';
import { refreshMs } from './firms.js';
import { spell, took } from './words.js';
import './fleet.css';

const shown = 100;

/** What runs now, the longest first, and what took longest the last time. */
export function Top() {
  const { api } = useFleet();
  const { data, error, loading, reload } = useData('top', (signal) => api.top(shown, signal));
  useEvery(refreshMs, () => {
    if (!loading) reload();
  });
  const running = data?.firms.filter((firm) => firm.runningSince !== null) ?? [];
  const rest = data?.firms.filter((firm) => firm.runningSince === null && firm.milliseconds !== null) ?? [];
  return (
    <Page title="Top">
      <ErrorNote error={error} />
      {data === undefined ? (
        error === null ? (
          <Loading />
        ) : null
      ) : (
        <>
          <h2>Runs now</h2>
          {running.length === 0 ? <p class="soft">Nothing runs at the moment.</p> : null}
          <ul class="top-list">
            {running.map((firm) => (
              <Line key={keyOf(firm)} firm={firm}>
                <b>{spell((Date.parse(data.at) - Date.parse(firm.runningSince ?? data.at)) / 1000)}</b> so far, on{' '}
                <Theirs text={firm.worker ?? ''} />
                {firm.milliseconds === null ? '' : `; ${took(firm.milliseconds)} the last time`}
              </Line>
            ))}
          </ul>
          <h2>Took longest the last time</h2>
          {rest.length === 0 && running.length === 0 ? <Empty title="Nothing was synced yet." /> : null}
          <ul class="top-list">
            {rest.map((firm) => (
              <Line key={keyOf(firm)} firm={firm}>
                <b>{took(firm.milliseconds ?? 0)}</b>
                {firm.rows === null ? '' : ` for ${numberText(firm.rows)} rows`}
              </Line>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function Line({ firm, children }: { readonly firm: Firm; readonly children: ComponentChildren }) {
  return (
    <li class="top-line">
      <span class="firm-name">
        <a href={`/?text=${encodeURIComponent(firm.book)}`}>
          <Theirs text={firm.book} />
        </a>
        <span class="soft firm-source">
          <Theirs text={firm.source} />
        </span>
      </span>
      <span>
        {children} {firm.size === 'large' ? <Badge>large</Badge> : null}
      </span>
    </li>
  );
}
