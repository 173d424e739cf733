/** Lets one after the other, each tenant in its turn, however many wait of each. */
export type FairTurns = { take<T>(tenant: string, work: () => Promise<T>): Promise<T> };

export function fairTurns(): FairTurns {
  const waiting = new Map<string, (() => Promise<void>)[]>();
  let going = false;

  async function go(): Promise<void> {
    if (going) return;
    going = true;
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const [tenant, [work, ...rest]] = next;
      // To the end of the row, where there is more of it.
      waiting.delete(tenant);
      if (rest.length > 0) waiting.set(tenant, rest);
      await work?.();
    }
    going = false;
  }

  return {
    take: (tenant, work) =>
      new Promise((resolve, reject) => {
        const turn = () => work().then(resolve, reject);
        waiting.set(tenant, [...(waiting.get(tenant) ?? []), turn]);
        void go();
      }),
  };
}
