import {
  type Counts as CountsOf,
  type Flag,
  flags,
  type Reason,
  type ReasonInfo,
  reasonCodes,
  reasons,
} from '@contact-sync/core';
import type { ComponentChildren } from 'preact';
import { numberText } from '../show/number-text.js';
import { Theirs } from './theirs.js';

/** The kinds of outcome that share a colour. */
export type Kind = 'none' | 'change' | 'make' | 'match' | 'open';

const kinds: Readonly<Record<ReasonInfo['action'], Kind>> = {
  none: 'none',
  mark: 'change',
  update: 'change',
  relink: 'change',
  release: 'change',
  undo: 'change',
  forget: 'change',
  create: 'make',
  import: 'make',
  match: 'match',
  reject: 'open',
  hold: 'open',
};

/** The colour of what a reason does. */
export function kindOf(reason: Reason): Kind {
  return kinds[reasons[reason].action];
}

/** What became of every row of the read: as a bar, and as a list with the numbers, which says the same without seeing. */
export function Counts({ counts }: { readonly counts: CountsOf }) {
  const of = (what: ReasonInfo['of']) =>
    reasonCodes.flatMap((reason) => {
      const n = counts.reasons[reason] ?? 0;
      return reasons[reason].of === what && n > 0 ? [{ reason, n }] : [];
    });
  const records = of('record');
  const skipped = Object.entries(counts.skipped).filter(([, n]) => n > 0);
  return (
    <>
      {counts.rows === 0 ? null : (
        <>
          <Bar
            parts={[
              ...records.map(({ reason, n }) => ({ kind: kindOf(reason), n })),
              ...skipped.map(([, n]) => ({ kind: 'skip' as const, n })),
            ]}
          />
          <p class="soft">{numberText(counts.rows)} rows read</p>
        </>
      )}
      <ul class="counts">
        {records.map(reasonLine)}
        {skipped.map(([filter, n]) => (
          <Line key={`skipped ${filter}`} kind="skip" n={n}>
            left out: <Theirs text={filter} />
          </Line>
        ))}
        {of('contact').map(reasonLine)}
        {(Object.entries(counts.flags) as [Flag, number][]).map(([flag, n]) => (
          <Line key={flag} kind="open" n={n}>
            <span class="code">{flag}</span> {flags[flag]}
          </Line>
        ))}
      </ul>
    </>
  );
}

function reasonLine({ reason, n }: { readonly reason: Reason; readonly n: number }) {
  return (
    <Line key={reason} kind={kindOf(reason)} n={n}>
      <span class="code">{reason}</span> {reasons[reason].sentence}
    </Line>
  );
}

type LineProps = { readonly kind: Kind | 'skip'; readonly n: number; readonly children: ComponentChildren };

function Line({ kind, n, children }: LineProps) {
  return (
    <li>
      <span class={`dot ${kind}`} />
      <b>{numberText(n)}</b>
      <span>{children}</span>
    </li>
  );
}

const length = 1000;
const gap = 2;
const least = 4;

/** Lengths as attributes of a drawing: as style they would need a laxer policy for the whole page. */
export function Bar({ parts }: { readonly parts: readonly { readonly kind: Kind | 'skip'; readonly n: number }[] }) {
  const widths = lengthsOf(parts.map(({ n }) => n));
  let end = 0;
  return (
    <svg class="picture" viewBox={`0 0 ${length} 24`} preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ kind }, index) => {
        const width = widths[index] ?? 0;
        const x = end;
        end += width + gap;
        return <rect key={`${index} ${kind}`} class={kind} x={round(x)} width={round(width)} height="24" />;
      })}
    </svg>
  );
}

/** How long the part of each number is: what is smallest can still be seen, and the rest is shared as the numbers are. */
function lengthsOf(numbers: readonly number[]): number[] {
  const room = length - gap * (numbers.length - 1) - least * numbers.length;
  const total = numbers.reduce((sum, n) => sum + n, 0);
  return numbers.map((n) => least + (room * n) / total);
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
