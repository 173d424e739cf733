import type { ReviewItem } from '../../lib/types.js';

export type Group = {
  readonly reason: string;
  readonly sentence: string;
  readonly hint: string | null;
  readonly items: readonly ReviewItem[];
};

/** Items by their reason, in the order in which the reasons first come. */
export function grouped(items: readonly ReviewItem[]): Group[] {
  return [...Map.groupBy(items, ({ decision }) => decision.reason)].flatMap(([reason, some]) => {
    const [first] = some;
    return first === undefined
      ? []
      : [{ reason, sentence: first.decision.sentence, hint: first.decision.hint, items: some }];
  });
}
