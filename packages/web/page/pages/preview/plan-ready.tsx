import { Counts, Guards } from '@contact-sync/runner/components';
import { useRef, useState } from 'preact/hooks';
import { useBook } from '../../lib/book.js';
import { useEvent } from '../../lib/events.js';
import type { Plan, Preview } from '../../lib/types.js';
import { Approve } from './approve.js';
import { ConnectionChanges } from './connection-changes.js';
import { DecisionGroups } from './decision-groups.js';
import { LookAgain } from './look-again.js';
import { previewWords, wayBack } from './preview-words.js';

type Props = { readonly preview: Preview; readonly plan: Plan };

/** A plan to look at: the guards that tripped first, then what it does, then its approval. */
export function PlanReady({ preview, plan }: Props) {
  const { api, book, href, administrator } = useBook();
  const [movedOn, setMovedOn] = useState(false);
  // This person's own approval moves the book on too.
  const applying = useRef(false);
  // Whatever is applied to the book gives it another version, and the plan fits one version only.
  useEvent('run', (event) => {
    if (event.book === book && event.outcome === 'applied' && !applying.current) setMovedOn(true);
  });

  const { about, id } = preview;
  const { lead, besides, nothing } = previewWords(about);
  const { blocked, counts, groups, changesBook, connections } = plan;
  const guarded = blocked.length > 0;
  return (
    <>
      {guarded ? (
        <section>
          <h2>{blocked.length === 1 ? 'A guard stops this plan' : `${blocked.length} guards stop this plan`}</h2>
          <Guards blocked={blocked} />
          <p>
            Nothing is written by itself. Look at the source first: is everything there that should be? If the source is
            right, exactly this plan can be approved.
          </p>
        </section>
      ) : null}
      {guarded ? null : <p>{changesBook ? lead : <b>{nothing}</b>}</p>}
      {besides === null || !changesBook ? null : <p>{besides}</p>}
      <ConnectionChanges changes={connections} />
      <section>
        <h2>What becomes of the {counts.rows === 0 ? 'contacts' : 'records'}</h2>
        <Counts counts={counts} />
      </section>
      {groups.some(({ listed }) => listed > 0) ? (
        <section>
          <h2>One by one</h2>
          <DecisionGroups groups={groups} load={(query, signal) => api.previewDecisions(id, query, signal)} />
        </section>
      ) : null}
      {movedOn && changesBook ? (
        <LookAgain about={about} />
      ) : changesBook ? (
        <Approve
          preview={preview}
          plan={plan}
          onMovedOn={() => setMovedOn(true)}
          onBusy={(busy) => {
            applying.current = busy;
          }}
        />
      ) : null}
      <p>
        <a href={href(wayBack(about))}>{administrator && changesBook ? 'Leave everything as it is' : 'Back'}</a>
      </p>
    </>
  );
}
