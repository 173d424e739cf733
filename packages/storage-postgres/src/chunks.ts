/** How many rows go with one statement. More than that are copied, where that can be. */
export const atOnce = 1000;

export function* chunks<T>(items: Iterable<T>, most = atOnce): Generator<T[], void, void> {
  let some: T[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length < most) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
