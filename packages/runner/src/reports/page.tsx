import { createHash } from 'node:crypto';
import type { Decision, Run } from '@contact-sync/core';
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Counts, DecisionText, Guards, numberText, Theirs } from '../components/index.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { isOpen, type Report } from './report.js';

/**
 * A run as one page that needs nothing else: counts as a picture, what waits for a person, what changed with old and new
 * side by side. It opens from disk without a network, and its policy lets nothing but its own style and script run.
 */
export function* reportToPage({ run, decisions }: Report): Generator<string, void, void> {
  const open = decisions.filter(isOpen);
  const changed = decisions.filter((decision) => !isOpen(decision));
  const title = titleOf(run);
  const policy = `default-src 'none'; style-src '${hash(pageStyle)}'; script-src '${hash(pageScript)}'; base-uri 'none'; form-action 'none'`;
  yield '<!doctype html>\n<html lang="en"><head>';
  yield renderToString(
    <>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta http-equiv="Content-Security-Policy" content={policy} />
      <title>{title}</title>
    </>,
  );
  yield `<style>${pageStyle}</style></head><body>\n`;
  yield renderToString(<Head run={run} title={title} />);
  yield '<main>';
  yield renderToString(<Summary run={run} listed={decisions.length} />);
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

function Head({ run, title }: { readonly run: Run; readonly title: string }) {
  const { at, actor, why, outcome, blocked, error, purged } = run;
  return (
    <header>
      <h1>{title}</h1>
      <p>{outcomes[outcome]}</p>
      <p class="soft">
        <time datetime={at}>{at}</time>, by <Theirs text={actor} />
      </p>
      {why === null ? null : (
        <p class="soft">
          “<Theirs text={why} />”
        </p>
      )}
      <Guards blocked={blocked} />
      {error === null ? null : (
        <Notice>
          <span class="code">{error.code}</span> <Theirs text={error.message} />
        </Notice>
      )}
      {purged ? <Notice>The run is older than the book keeps what it changed: only the counts are left.</Notice> : null}
    </header>
  );
}

function Notice({ children }: { readonly children: ComponentChildren }) {
  return <p class="notice">{children}</p>;
}

function Summary({ run, listed }: { readonly run: Run; readonly listed: number }) {
  return (
    <>
      <section>
        <h2>What became of the records</h2>
        <Counts counts={run.counts} />
      </section>
      <div class="search">
        <label for="search">Search</label>
        <input id="search" type="search" autocomplete="off" placeholder="name, email, phone, id or reason" />
        <span id="found" class="soft" role="status">
          {numberText(listed)} listed
        </span>
      </div>
    </>
  );
}

// In lists of a size at which the browser need not lay out what nobody sees.
const atOnce = 100;

function* section(title: string, decisions: readonly Decision[], empty: string): Generator<string, void, void> {
  yield '<section>';
  yield renderToString(
    <h2>
      {title} ({numberText(decisions.length)})
    </h2>,
  );
  if (decisions.length === 0) yield renderToString(<p>{empty}</p>);
  for (let from = 0; from < decisions.length; from += atOnce) {
    yield renderToString(<List decisions={decisions.slice(from, from + atOnce)} />);
    yield '\n';
  }
  yield '</section>\n';
}

function List({ decisions }: { readonly decisions: readonly Decision[] }) {
  return (
    <ul class="list">
      {decisions.map((decision, index) => (
        <li key={index}>
          <DecisionText decision={decision} />
        </li>
      ))}
    </ul>
  );
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
