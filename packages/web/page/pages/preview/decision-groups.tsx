import type { Reason } from '@contact-sync/core';
import { DecisionText, kindOf, numberText } from '@contact-sync/runner/components';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { ErrorNote, Loading } from '../../components/notes.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import { type ApiError, asApiError } from '../../lib/request.js';
import type { Decision, Decisions, DecisionsQuery, Group } from '../../lib/types.js';
import { useKeptFocus } from '../../lib/use-kept-focus.js';

type Load = (query: DecisionsQuery, signal: AbortSignal) => Promise<Decisions>;
type Props = {
  readonly groups: readonly Group[];
  readonly load: Load;
  /** It was done, so what it made is there. */
  readonly done?: boolean;
};

/** Decisions by their reason, each group read when it is opened. What is only counted is not among them. */
export function DecisionGroups({ groups, load, done = false }: Props) {
  return (
    <>
      {groups
        .filter(({ listed }) => listed > 0)
        .map((group) => (
          <GroupOf key={group.reason} group={group} load={load} done={done} />
        ))}
    </>
  );
}

type GroupProps = { readonly group: Group; readonly load: Load; readonly done: boolean };

function GroupOf({ group, load, done }: GroupProps) {
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
      {opened ? <Listed reason={reason} load={load} done={done} /> : null}
    </details>
  );
}

const atOnce = 50;

type ListedProps = { readonly reason: string; readonly load: Load; readonly done: boolean };

function Listed({ reason, load, done }: ListedProps) {
  const list = useRef<HTMLUListElement>(null);
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

  const pressed = useKeptFocus(list, decisions.length);

  const go = () => {
    pressed();
    return more(next ?? undefined);
  };
  return (
    <>
      <ul class="list" ref={list}>
        {decisions.map((decision, index) => (
          <li key={`${index} ${decision.externalId}`} tabIndex={-1}>
            <DecisionText decision={decision} grouped />
            <ToContact contact={decision.before ?? (done ? decision.after : null)} />
          </li>
        ))}
      </ul>
      {next === undefined && error === null ? <Loading /> : null}
      <ErrorNote error={error} retry={go} />
      {typeof next === 'string' && error === null ? <Button onClick={go}>Show more</Button> : null}
    </>
  );
}

/** The way to the contact that a decision is about, where it is in the book. */
function ToContact({ contact }: { readonly contact: Decision['before'] }) {
  const { href } = useBook();
  if (contact === null) return null;
  return (
    <p class="why">
      <a href={href(`/contacts/${encodeURIComponent(contact.id)}`)}>
        See contact <Theirs text={contact.id} />
      </a>
    </p>
  );
}
