/** For people: 12,345. */
export function numberText(n: number): string {
  return n.toLocaleString('en');
}
