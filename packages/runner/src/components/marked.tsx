import type { Part } from '../show/marked.js';
import { Theirs } from './theirs.js';

/** A text in parts, those that the other text has not marked. */
export function Marked({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <>
      {parts.map(({ text, changed }, index) => {
        // The parts of a text have no names, and their order never changes.
        const theirs = <Theirs key={index} text={text} />;
        return changed ? <mark key={index}>{theirs}</mark> : theirs;
      })}
    </>
  );
}
