import { numberText, printable } from '@contact-sync/runner/components';
import type { RefObject } from 'preact';
import { Badge } from '../../components/badge.js';
import { LongList, type RowFocus } from '../../components/long-list.js';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useFleet } from '../../lib/fleet.js';
import type { Firm } from '../../lib/types.js';
import { useMedia } from '../../lib/use-media.js';
import { spell, states, took } from './words.js';

/** As the server counts it, in seconds. */
const behindFrom = 600;

type Props = {
  readonly firms: readonly Firm[];
  readonly total: number | null;
  readonly ended: boolean;
  readonly more: () => void;
  readonly enter: RefObject<() => void>;
  readonly leave: () => void;
  readonly isChosen: (firm: Firm) => boolean;
  readonly choose: (firm: Firm, chosen: boolean) => void;
  readonly open: (firm: Firm) => void;
};

export function keyOf({ book, source }: Pick<Firm, 'book' | 'source'>): string {
  return JSON.stringify([book, source]);
}

/** Every connection that is found, one below the other. */
export function FirmRows({ firms, isChosen, choose, open, ...list }: Props) {
  const { administrator } = useFleet();
  const narrow = useMedia('(max-width: 62rem)');
  return (
    <div class={administrator ? 'firms with-choice' : 'firms'}>
      {narrow || firms.length === 0 ? null : (
        <div class="firm firm-head soft" aria-hidden="true">
          {administrator ? <span /> : null}
          <span>Firm and source</span>
          <span>State</span>
          <span>Last good sync</span>
          <span>Next</span>
          <span>Error</span>
          <span class="number">Rows</span>
          <span class="number">Took</span>
        </div>
      )}
      <LongList label="Connections" items={firms} keyOf={keyOf} rowHeight={narrow ? 7.25 : 3.5} covered={6} {...list}>
        {(firm, focus) => (
          <div class="firm">
            {administrator ? (
              <input
                type="checkbox"
                aria-label={`Select ${printable(firm.book)}, ${printable(firm.source)}`}
                checked={isChosen(firm)}
                onChange={(event) => choose(firm, event.currentTarget.checked)}
                {...focus}
              />
            ) : null}
            <Row firm={firm} focus={focus} open={open} />
          </div>
        )}
      </LongList>
    </div>
  );
}

type RowProps = { readonly firm: Firm; readonly focus: RowFocus; readonly open: (firm: Firm) => void };

function Row({ firm, focus, open }: RowProps) {
  const { book, source, lastGoodAt, nextAt, code, failures, rows, milliseconds } = firm;
  return (
    <>
      <span class="firm-name">
        <button type="button" class="pick" onClick={() => open(firm)} {...focus}>
          <Theirs text={book} />
        </button>
        <span class="soft firm-source">
          <Theirs text={source} />
        </span>
      </span>
      <span class="firm-state">
        <State firm={firm} />
      </span>
      <span class="firm-good">
        <span class="unseen-wide">Good </span>
        {lastGoodAt === null ? 'never' : <Time at={lastGoodAt} short />}
      </span>
      <span class="firm-next">
        <span class="unseen-wide">next </span>
        {nextAt === null ? <span class="soft">not planned</span> : <Next firm={firm} at={nextAt} />}
      </span>
      <span class="firm-code">
        {code === null ? null : (
          <>
            <span class="code">{code}</span>
            {failures > 0 ? (
              <span class="soft">
                {' '}
                {failures}×<span class="unseen"> in a row</span>
              </span>
            ) : null}
          </>
        )}
      </span>
      <span class="number">
        {rows === null ? null : numberText(rows)}
        <span class="unseen-wide">{rows === null ? '' : ' rows'}</span>
      </span>
      <span class="number">
        <span class="unseen-wide">{milliseconds === null ? '' : 'took '}</span>
        {milliseconds === null ? null : took(milliseconds)}
      </span>
    </>
  );
}

export function State({ firm: { state, running } }: { readonly firm: Firm }) {
  const { name, kind } = states[state];
  return (
    <>
      <Badge kind={kind === 'skip' ? 'none' : kind}>{name}</Badge>
      {running ? <Badge kind="change">Runs</Badge> : null}
    </>
  );
}

/** When it is synced next, or for how long it should have been. */
export function Next({ firm: { running, behindSeconds }, at }: { readonly firm: Firm; readonly at: string }) {
  if (running) return <>now</>;
  if (behindSeconds > behindFrom) return <span class="behind">{spell(behindSeconds)} behind</span>;
  return behindSeconds > 0 ? <>now due</> : <Time at={at} short />;
}
