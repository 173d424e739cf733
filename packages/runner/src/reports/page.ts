import { createHash } from 'node:crypto';
import { type Decision, type Difference, differences, type Flag, flags, type Run } from '@contact-sync/core';
import { markedParts, type Part } from '../show/marked.js';
import { sentencesOf } from '../show/sentences.js';
import { html, type Markup, theirs } from './markup.js';
import { countsPicture, lengthsStyle, many } from './page-counts.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { isOpen, type Report } from './report.js';

/**
 * A run as one page that needs nothing else: counts as a picture, what waits for a person, what changed with old and new
 * side by side. It opens from disk without a network, and its policy lets nothing but its own style and script run.
 */
export function* reportToPage({ run, decisions }: Report): Generator<string, void, void> {
  const style = `${pageStyle}${lengthsStyle(run.counts)}`;
  const open = decisions.filter(isOpen);
  const changed = decisions.filter((decision) => !isOpen(decision));
  const title = titleOf(run);
  yield '<!doctype html>\n';
  yield html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hash(style)}'; script-src '${hash(pageScript)}'; base-uri 'none'; form-action 'none'">
<title>${title}</title>`.markup;
  yield `<style>${style}</style></head><body>\n`;
  yield html`<header><h1>${title}</h1>${headLines(run)}</header><main>
<section><h2>What became of the records</h2>${countsPicture(run.counts)}</section>
<div class="search"><label for="search">Search</label><input id="search" type="search" autocomplete="off"
 placeholder="name, email, phone, id or reason"><span id="found" class="soft" role="status">${many(decisions.length)} listed</span></div>`
    .markup;
  yield* section('Waiting for a person', open, 'Nothing was rejected or held.');
  yield* section('Changed and flagged', changed, 'Nothing was changed.');
  yield `</main><script>${pageScript}</script></body></html>\n`;
}

function titleOf({ id, kind, source }: Run): string {
  return `Run ${id}: ${kind}${source === null ? '' : ` of ${source}`}`;
}

const outcomes: Readonly<Record<Run['outcome'], string>> = {
  applied: 'Done: the contact book was changed.',
  unchanged: 'Done: there was nothing to change.',
  blocked: 'Stopped by a guard: nothing was written.',
  failed: 'Failed: the contact book is as it was.',
};

function headLines({ at, actor, why, outcome, blocked, error, purged }: Run): Markup {
  const said = why === null ? null : html`<p class="soft">“${theirs(why)}”</p>`;
  const notices = [
    ...blocked.map(({ guard, message }) => html`<p class="notice"><span class="code">${guard}</span> ${message}</p>`),
    ...(error === null
      ? []
      : [html`<p class="notice"><span class="code">${error.code}</span> ${theirs(error.message)}</p>`]),
    ...(purged
      ? [html`<p class="notice">The run is older than the book keeps what it changed: only the counts are left.</p>`]
      : []),
  ];
  return html`<p>${outcomes[outcome]}</p><p class="soft"><time datetime="${at}">${at}</time>, by ${theirs(actor)}</p>${said}${notices}`;
}

const atOnce = 100;

function* section(title: string, decisions: readonly Decision[], empty: string): Generator<string, void, void> {
  yield html`<section><h2>${title} (${many(decisions.length)})</h2>`.markup;
  if (decisions.length === 0) yield html`<p>${empty}</p>`.markup;
  else {
    // In lists of a size at which the browser need not lay out what nobody sees.
    for (let from = 0; from < decisions.length; from += atOnce) {
      yield html`<ul class="list">${decisions.slice(from, from + atOnce).map(item)}</ul>\n`.markup;
    }
  }
  yield '</section>\n';
}

function item(decision: Decision): Markup {
  const { before, after, says, reason, faults, note, externalId, flags: raised } = decision;
  const contact = after ?? before;
  const name = contact?.name ?? says?.name ?? '';
  const place = [
    contact === null ? null : html`contact ${theirs(contact.id)}${before === null ? ', new' : null}`,
    externalId === null ? null : html`record ${theirs(externalId)}`,
  ].filter((part) => part !== null);
  const { sentence, hint } = sentencesOf(reason);
  const more = [
    ...faults.slice(1).map((fault) => sentencesOf(fault).sentence),
    ...raised.map((flag: Flag) => `⚑ ${flag}: ${flags[flag]}`),
    ...(hint === undefined ? [] : [hint]),
  ];
  return html`<li><p><span class="who">${theirs(name === '' ? '(no name)' : name)}</span>
<span class="soft">${place.map((part, index) => html`${index === 0 ? null : ', '}${part}`)}</span></p>
<p class="why"><span class="code">${reason}</span> ${sentence}${note === null ? null : html` ${theirs(note)}`}</p>${more.map((line) => html`<p class="why">${line}</p>`)}${differenceOf(decision)}</li>`;
}

/** What changes: old and new. Where nothing is to change: the contact, if there is one, and what the source says. */
function differenceOf({ before, after, says }: Decision): Markup | null {
  const contact = after ?? before;
  const rows = differences({ before, after });
  const said =
    says === null ? [] : saidFields.map((field) => ({ field, before: contact?.[field] ?? null, after: says[field] }));
  return html`${rows.length === 0 ? null : sides(rows)}${
    said.length === 0
      ? null
      : html`<p class="why soft">${contact === null ? 'The source says:' : 'The contact, and what the source says:'}</p>${sides(said)}`
  }`;
}

const saidFields = ['name', 'email', 'phone'] as const;

function sides(rows: readonly Difference[]): Markup {
  const lines = rows.map(({ field, before, after }) => {
    const parts = before === null || after === null ? null : markedParts(before, after);
    return html`<dt>${field}</dt>${side('old', before, parts?.before)}${side('new', after, parts?.after)}`;
  });
  return html`<dl class="difference">${lines}</dl>`;
}

function side(kind: 'old' | 'new', value: string | null, parts: readonly Part[] | undefined): Markup {
  if (value === null || value === '') return html`<dd><span class="soft">–</span></dd>`;
  const marked = parts?.map(({ text, changed }) => (changed ? html`<mark>${theirs(text)}</mark>` : theirs(text)));
  return html`<dd class="${kind}">${marked ?? theirs(value)}</dd>`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
