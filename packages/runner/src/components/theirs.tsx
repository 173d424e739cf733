import { printable } from '../show/printable.js';

/** Text of others: nothing invisible stays invisible, and its direction ends where it ends. */
export function Theirs({ text }: { readonly text: string }) {
  return <bdi>{printable(text)}</bdi>;
}
