/** The lock under which a source is synced into a book: by one process at a time. */
export function runLock(book: string, source: string): string {
  return JSON.stringify(['run', book, source]);
}
