import { type Counts, type Flag, flags, type Reason, type ReasonInfo, reasonCodes, reasons } from '@contact-sync/core';
import { html, type Markup, theirs } from './markup.js';

/** The kinds of outcome that share a colour. */
const kinds: Readonly<Record<ReasonInfo['action'], 'none' | 'change' | 'make' | 'match' | 'open'>> = {
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

/** What became of every row of the read: as a bar, and as a list with the numbers, which says the same without seeing. */
export function countsPicture(counts: Counts): Markup {
  const of = (what: 'record' | 'contact') =>
    reasonCodes.flatMap((reason) => {
      const n = counts.reasons[reason] ?? 0;
      return reasons[reason].of === what && n > 0 ? [{ reason, n }] : [];
    });
  const records = of('record');
  const skipped = Object.entries(counts.skipped).filter(([, n]) => n > 0);
  const bars = [
    ...records.map(({ reason, n }) => bar(kinds[reasons[reason].action], n)),
    ...skipped.map(([, n]) => bar('skip', n)),
  ];
  const lines = [
    ...records.map(({ reason, n }) => line(kinds[reasons[reason].action], n, named(reason))),
    ...skipped.map(([filter, n]) => line('skip', n, html`left out: ${theirs(filter)}`)),
    ...of('contact').map(({ reason, n }) => line(kinds[reasons[reason].action], n, named(reason))),
    ...Object.entries(counts.flags).map(([flag, n]) =>
      line('open', n, html`<span class="code">${flag}</span> ${flags[flag as Flag]}`),
    ),
  ];
  return html`${
    counts.rows === 0
      ? null
      : html`<div class="picture" aria-hidden="true">${bars}</div>
<p class="soft">${many(counts.rows)} rows read</p>`
  }<ul class="counts">${lines}</ul>`;
}

/** For people: 12,345. */
export function many(n: number): string {
  return n.toLocaleString('en');
}

function named(reason: Reason): Markup {
  return html`<span class="code">${reason}</span> ${reasons[reason].sentence}`;
}

/** A part of the bar; its length is its number, by the rule of style `p-N` that the page has for each number it needs. */
function bar(kind: string, n: number): Markup {
  return html`<span class="${kind} n${n}"></span>`;
}

function line(kind: string, n: number, what: Markup): Markup {
  return html`<li><span class="dot ${kind}"></span><b>${many(n)}</b><span>${what}</span></li>`;
}

/** A style attribute would need a laxer policy for the whole page, so each length is a rule of the one style sheet. */
export function lengthsStyle({ reasons: byReason, skipped }: Counts): string {
  const numbers = new Set([...Object.values(byReason), ...Object.values(skipped)]);
  return [...numbers].map((n) => `.n${n} { flex: ${n} 1 0; }`).join('\n');
}
