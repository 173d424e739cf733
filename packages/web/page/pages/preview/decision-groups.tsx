import type { Reason } from '@contact-sync/core';
import { DecisionText, kindOf, numberText } from '@contact-sync/runner/components';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { ErrorNote, Loading } from '../../components/notes.js';
import { type ApiError, asApiError } from '../../lib/request.js';
import type { Decision, Decisions, DecisionsQuery, Group } from '../../lib/types.js';

type Load = (query: DecisionsQuery, signal: AbortSignal) => Promise<Decisions>;
type Props = { readonly groups: readonly Group[]; readonly load: Load };

/** Decisions by their reason, each group read when it is opened. What is only counted is not among them. */
export function DecisionGroups({ groups, load }: Props) {
  return (
    <>
      {groups
        .filter(({ listed }) => listed > 0)
        .map((group) => (
          <GroupOf key={group.reason} group={group} load={load} />
        ))}
    </>
  );
}

function GroupOf({ group, load }: { readonly group: Group; readonly load: Load }) {
  const { reason, sentence, hint, listed, counted } = group;
  const [opened, setOpened] = useState(false);
  return (
    <details class="group" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>
        <span class={`dot ${kindOf(reason as Reason)}`} />
        <b class="numbers">{numberText(listed)}</b>
        <span>
          {sentence} <span class="code soft">{reason}</span>
        </span>
      </summary>
      {hint === null ? null : <p class="soft">{hint}</p>}
      {listed < counted ? (
        <p class="soft">{numberText(counted)} were counted; those are listed of which there is more to say.</p>
      ) : null}
      {opened ? <Listed reason={reason} load={load} /> : null}
    </details>
  );
}

const atOnce = 50;

function Listed({ reason, load }: { readonly reason: string; readonly load: Load }) {
  const [decisions, setDecisions] = useState<readonly Decision[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const [error, setError] = useState<ApiError | null>(null);
  const ended = useRef(new AbortController());
  const more = async (after?: string) => {
    setError(null);
    try {
      const { signal } = ended.current;
      const page = await load({ reason, limit: atOnce, ...(after === undefined ? {} : { after }) }, signal);
      setDecisions((before) => [...before, ...page.decisions]);
      setNext(page.next);
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  useEffect(() => {
    void more();
    return () => ended.current.abort();
  }, []);

  const go = () => more(next ?? undefined);
  return (
    <>
      <ul class="list">
        {decisions.map((decision, index) => (
          <li key={`${index} ${decision.externalId}`}>
            <DecisionText decision={decision} grouped />
          </li>
        ))}
      </ul>
      {next === undefined && error === null ? <Loading /> : null}
      <ErrorNote error={error} retry={go} />
      {typeof next === 'string' && error === null ? <Button onClick={go}>Show more</Button> : null}
    </>
  );
}
