import { Bar, numberText } from '@contact-sync/runner/components';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import type { Fleet } from '../../lib/types.js';
import { many } from '../../lib/words.js';
import type { Filter } from './filter.js';
import { spell, stateNames, states } from './words.js';

/** So many reasons are seen at once; most of what fails fails for one of them. */
const atFirst = 3;

type Props = { readonly fleet: Fleet; readonly filter: Filter; readonly show: (change: Partial<Filter>) => void };

/** How the fleet stands: in numbers, as a picture, and what keeps it from being well. What is pressed filters the list. */
export function Standing({ fleet, filter, show }: Props) {
  return (
    <div class="standing">
      <section aria-label="How it stands">
        <Figures fleet={fleet} filter={filter} show={show} />
        <States fleet={fleet} filter={filter} show={show} />
      </section>
      <section>
        <h2>Why syncs fail</h2>
        <Codes fleet={fleet} filter={filter} show={show} />
        <Workers workers={fleet.workers} />
      </section>
    </div>
  );
}

function Figures({ fleet: { running, behind, oldestGoodSeconds, workers }, filter, show }: Props) {
  return (
    <dl class="figures">
      <div>
        <dt>Behind schedule</dt>
        <dd>
          {behind === 0 ? (
            'none'
          ) : (
            <button
              type="button"
              class="figure"
              aria-pressed={filter.behind}
              onClick={() => show({ behind: !filter.behind })}
            >
              {numberText(behind)}
            </button>
          )}
        </dd>
      </div>
      <div>
        <dt>Oldest good sync</dt>
        <dd>{oldestGoodSeconds === null ? 'none' : spell(oldestGoodSeconds)}</dd>
      </div>
      <div>
        <dt>Running now</dt>
        <dd>{running === 0 ? 'none' : <a href="/top">{numberText(running)}</a>}</dd>
      </div>
      <div>
        <dt>Workers</dt>
        <dd class={workers.length === 0 ? 'bad' : ''}>{workers.length === 0 ? 'none' : numberText(workers.length)}</dd>
      </div>
    </dl>
  );
}

function States({ fleet, filter, show }: Props) {
  const there = stateNames.filter((state) => (fleet.states[state] ?? 0) > 0);
  return (
    <>
      <Bar parts={there.map((state) => ({ kind: states[state].kind, n: fleet.states[state] ?? 0 }))} />
      <ul class="counts state-counts">
        {there.map((state) => {
          const { name, sentence, kind } = states[state];
          const on = filter.state === state;
          return (
            <li key={state} class="state-line">
              <span class={`dot ${kind}`} />
              <b>{numberText(fleet.states[state] ?? 0)}</b>
              <span>
                <button type="button" class="pick" aria-pressed={on} onClick={() => show({ state: on ? null : state })}>
                  {name}
                </button>{' '}
                <span class="soft">{sentence}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Codes({ fleet: { codes }, filter, show }: Props) {
  if (codes.length === 0) return <p class="soft">Nothing fails.</p>;
  const rest = codes.slice(atFirst);
  return (
    <>
      <CodeList codes={codes.slice(0, atFirst)} filter={filter} show={show} />
      {rest.length === 0 ? null : (
        <details>
          <summary>
            {many(rest.length, 'more reason')}:{' '}
            {many(
              rest.reduce((sum, { connections: n }) => sum + n, 0),
              'connection',
            )}
          </summary>
          <CodeList codes={rest} filter={filter} show={show} />
        </details>
      )}
    </>
  );
}

function CodeList({ codes, filter, show }: Pick<Props, 'filter' | 'show'> & Pick<Fleet, 'codes'>) {
  return (
    <ul class="codes">
      {codes.map(({ code, connections, sentence, hint }) => (
        <li key={code}>
          <b>{numberText(connections)}</b>
          <div>
            <p>
              <button
                type="button"
                class="pick"
                aria-pressed={filter.code === code}
                onClick={() => show({ code: filter.code === code ? null : code })}
              >
                {sentence}
              </button>{' '}
              <span class="code soft">{code}</span>
            </p>
            <p class="soft">{hint}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Workers({ workers }: Pick<Fleet, 'workers'>) {
  if (workers.length === 0) {
    return (
      <p class="notice">
        No worker runs, so nothing is synced. Start one where the fleet runs: <code>contact-sync worker</code>
      </p>
    );
  }
  const syncs = workers.reduce((sum, { running }) => sum + running, 0);
  return (
    <details class="workers">
      <summary>
        {many(workers.length, 'worker')} with {many(syncs, 'sync')} under way
      </summary>
      <table>
        <thead>
          <tr>
            <th>Worker</th>
            <th>Syncs</th>
            <th>Last heard of</th>
          </tr>
        </thead>
        <tbody>
          {workers.map(({ name, running, heardAt }) => (
            <tr key={name}>
              <td>
                <Theirs text={name} />
              </td>
              <td>{numberText(running)}</td>
              <td>
                <Time at={heardAt} short />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
