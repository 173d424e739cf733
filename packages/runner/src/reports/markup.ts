import escapeHtml from 'escape-html';
import { printable } from '../show/printable.js';

/** Text that is markup already. Only `html` makes it, so that nothing of a source ever is. */
export type Markup = { readonly markup: string };

type Value = Markup | readonly Markup[] | string | number | null;

/** Markup in which every value that is not markup itself is text, whatever it holds. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: String.raw({ raw: strings }, ...values.map(markupOf)) };
}

/** Text of others: nothing invisible stays invisible, and its direction ends where it ends. */
export function theirs(text: string): Markup {
  return html`<bdi>${printable(text)}</bdi>`;
}

function markupOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}
