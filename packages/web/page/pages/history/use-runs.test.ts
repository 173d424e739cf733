import { expect, test } from 'vitest';
import type { Run } from '../../lib/types.js';
import { withNewest } from './use-runs.js';

// Of a run only the id matters here.
const runs = (...ids: number[]) => ids.map((id) => ({ id: String(id) }) as Run);
const idsOf = ({ runs }: { runs: readonly Run[] }) => runs.map(({ id }) => Number(id));

test('new runs come on top, and those that they push off the first page stay', () => {
  const known = { runs: runs(6, 5, 4, 3, 2), next: 'older' };
  const after = withNewest({ runs: runs(7, 6, 5), next: 'page 2' }, known);
  expect(idsOf(after)).toEqual([7, 6, 5, 4, 3, 2]);
  expect(after.next).toBe('older');
});

test('where runs between the two are not known, the list begins anew', () => {
  const first = { runs: runs(20, 19, 18), next: 'page 2' };
  expect(withNewest(first, { runs: runs(6, 5, 4), next: null })).toEqual(first);
  expect(withNewest(first, null)).toEqual(first);
});
