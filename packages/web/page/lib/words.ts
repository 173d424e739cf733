/** `1 row`, `12,345 rows`. */
export function many(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}
