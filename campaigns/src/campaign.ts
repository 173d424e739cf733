/** A promise of the project, and how to try very often to break it. */
export type Campaign = {
  readonly name: string;
  /** What is tried, in a few words. */
  readonly title: string;
  /** How many cases are a whole campaign, and how many of them every `npm test` runs. */
  readonly full: number;
  readonly share: number;
  /** How many cases may run at once. */
  readonly lanes: number;
  /** Makes what all cases need. A case is told by its seed; equal seeds make equal cases, but for the moments of kills. */
  start(folder: string): Promise<Cases | Skipped>;
};

export type Cases = {
  /** Throws where the promise is broken; otherwise a word for what happened, which is counted. */
  one(seed: number): Promise<string>;
  /** What must be true of many cases together, given how often each word was said. Null: it is. */
  judge?(tally: Tally, cases: number): string | null;
  end?(): Promise<void>;
};

/** A campaign that this machine cannot run, and why. */
export type Skipped = { readonly skipped: string };

export type Tally = ReadonlyMap<string, number>;

export type Result = {
  readonly name: string;
  readonly title: string;
  readonly wanted: number;
  /** Cases that ended well. */
  readonly runs: number;
  readonly milliseconds: number;
  readonly tally: Tally;
  readonly outcome: 'held' | 'out of time' | 'failed' | 'skipped';
  /** Of a failure: what broke, and the command that repeats it. Of a skipped one: why. */
  readonly note: string | null;
};

export type Order = {
  readonly folder: string;
  readonly runs: number;
  readonly seed: number;
  /** Stops, with what it has, after so long. */
  readonly deadline?: number | undefined;
  readonly onCase?: ((done: number) => void) | undefined;
};

/** Runs cases with the seeds from `seed` on. The first that fails ends the campaign. */
export async function runCampaign(campaign: Campaign, order: Order): Promise<Result> {
  const { name, title, lanes } = campaign;
  const { runs: wanted, seed, deadline = Number.POSITIVE_INFINITY } = order;
  const begin = performance.now();
  const tally = new Map<string, number>();
  let started = 0;
  let runs = 0;
  let failure: string | null = null;
  const result = (outcome: Result['outcome'], note: string | null): Result => {
    return { name, title, wanted, runs, milliseconds: performance.now() - begin, tally, outcome, note };
  };

  const cases = await campaign.start(order.folder);
  if ('skipped' in cases) return result('skipped', cases.skipped);
  async function lane(these: Cases): Promise<void> {
    while (started < wanted && failure === null && performance.now() - begin < deadline) {
      const its = seed + started;
      started += 1;
      try {
        const word = await these.one(its);
        tally.set(word, (tally.get(word) ?? 0) + 1);
        runs += 1;
        order.onCase?.(runs);
      } catch (error) {
        failure ??= `${textOf(error)}\nTo repeat it: npm run campaign -- ${name} --runs 1 --seed ${its}`;
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(lanes, wanted) }, () => lane(cases)));
  } finally {
    await cases.end?.();
  }
  failure ??= cases.judge?.(tally, runs) ?? null;
  if (failure !== null) return result('failed', failure);
  return result(runs === wanted ? 'held' : 'out of time', null);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
