import { diffWordsWithSpace } from 'diff';

/** A part of a text, and whether the other text has it not. */
export type Part = { readonly text: string; readonly changed: boolean };

/** Two texts side by side, the parts that differ marked: how a reviewer sees at once what changed. */
export function markedParts(before: string, after: string): { before: Part[]; after: Part[] } {
  const parts = diffWordsWithSpace(before, after);
  const side = (absent: 'added' | 'removed') =>
    parts
      .filter((part) => !part[absent])
      .map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
  return { before: side('added'), after: side('removed') };
}
