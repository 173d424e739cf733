/** What people do with a book and its sources, at random. */
import fc from 'fast-check';
import type { Policy } from '../src/index.js';

const weights = {
  ...{ sync: 10, change: 8, edit: 3, force: 3, release: 2, disconnect: 2, pause: 1, resume: 3, link: 3, add: 2 },
  ...{ undo: 4, forget: 1, failing: 1, otherTenant: 1, approve: 3, approveHeld: 3, stale: 1 },
};
export type Doing = keyof typeof weights;
export const doings = Object.keys(weights) as Doing[];

/** What is done, and three numbers that pick with whom and how. What cannot be done at that point is passed over. */
export type Step = { readonly does: Doing; readonly a: number; readonly b: number; readonly c: number };
export type Walk = { readonly seed: number; readonly policy: Policy; readonly steps: readonly Step[] };

const number = fc.nat({ max: 9999 });
const does = fc.constantFrom(...doings.flatMap((doing) => Array.from({ length: weights[doing] }, () => doing)));
export const walks: fc.Arbitrary<Walk> = fc.record({
  seed: number,
  policy: fc.record({
    region: fc.constant('AU'),
    invalidPhone: fc.constantFrom('drop', 'drop', 'reject'),
    identityChange: fc.constantFrom('flag', 'hold'),
    manyMissing: fc.constantFrom(0.3, 0.5),
    manyChanged: fc.constantFrom(0.3, 0.5),
    atLeast: fc.constantFrom(0, 1, 5),
  }),
  steps: fc.array(fc.record({ does, a: number, b: number, c: number }), { maxLength: 50, size: 'max' }),
});
