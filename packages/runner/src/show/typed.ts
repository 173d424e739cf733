/** A word of a command as a person types it into a shell: quoted where it holds anything that a shell takes otherwise. */
export function typed(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
