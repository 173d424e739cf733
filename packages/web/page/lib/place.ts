/** Where in the page a person is: which book, and what its paths begin with. */
export type Place = { readonly book: string; readonly base: string };

/**
 * The book of a path. With several books every path begins with `/b/BOOK`; with one, none does. Null: the path names no
 * book where it has to, or one that is not there.
 */
export function placeOf(path: string, books: readonly string[]): Place | null {
  const [base, named] = /^\/b\/([^/]+)/.exec(path) ?? [];
  if (base === undefined || named === undefined) {
    const [only] = books;
    return books.length === 1 && only !== undefined ? { book: only, base: '' } : null;
  }
  const book = books.find((name) => name === decoded(named));
  return book === undefined ? null : { book, base };
}

/** The path at which a book begins. */
export function baseOf(book: string, books: readonly string[]): string {
  return books.length === 1 ? '' : `/b/${encodeURIComponent(book)}`;
}

/** Whether every part of a path can be read: others lead nowhere. */
export function isReadable(path: string): boolean {
  return decoded(path) !== null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not a text that was encoded: no book is called so.
    return null;
  }
}
