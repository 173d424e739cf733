import { createHash } from 'node:crypto';
import { type Decision, differences, type Flag, flags, type Run } from '@contact-sync/core';
import { markedParts, type Part } from '../show/marked.js';
import { html, type Markup, theirs } from './markup.js';
import { countsPicture, lengthsStyle, many } from './page-counts.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { isOpen, type Report, sentencesOf } from './report.js';

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

function* section(title: string, decisions: readonly Decision[], empty: string): Generator<string, void, void> {
  yield html`<section><h2>${title} (${many(decisions.length)})</h2>`.markup;
  if (decisions.length === 0) yield html`<p>${empty}</p>`.markup;
  else {
    yield '<ul class="list">';
    for (const decision of decisions) yield `${item(decision).markup}\n`;
    yield '</ul>';
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

function differenceOf(decision: Decision): Markup | null {
  const rows = differences(decision).map(({ field, before, after }) => {
    const parts = before === null || after === null ? null : markedParts(before, after);
    return html`<dt>${field}</dt>${side('old', before, parts?.before)}${side('new', after, parts?.after)}`;
  });
  const { says } = decision;
  const said = says === null ? [] : Object.entries({ name: says.name, email: says.email, phone: says.phone ?? '' });
  const theSource = said.map(
    ([field, value]) => html`<dt>the source’s ${field}</dt><dd>${value === '' ? '–' : theirs(value)}</dd><dd></dd>`,
  );
  return rows.length + theSource.length === 0 ? null : html`<dl class="difference">${[...rows, ...theSource]}</dl>`;
}

function side(kind: 'old' | 'new', value: string | null, parts: readonly Part[] | undefined): Markup {
  if (value === null) return html`<dd><span class="soft">–</span></dd>`;
  const marked = parts?.map(({ text, changed }) => (changed ? html`<mark>${theirs(text)}</mark>` : theirs(text)));
  return html`<dd class="${kind}">${marked ?? theirs(value)}</dd>`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
