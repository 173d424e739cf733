import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { BookApi } from './api.js';
import type { Session } from './types.js';

/** What every page works with: the book that is open, and who has opened it. */
export type Book = {
  readonly book: string;
  readonly session: Session;
  /** Whether this person may change anything. What is not theirs is not shown to them. */
  readonly administrator: boolean;
  readonly api: BookApi;
  /** A path of the page in this book: `href('/contacts/7')`. Parts that are anybody's text are to be encoded before. */
  readonly href: (path: string) => string;
};

export const BookContext = createContext<Book | null>(null);

export function useBook(): Book {
  const book = useContext(BookContext);
  if (book === null) throw new Error('There is no book around this component.');
  return book;
}
