type Event = { readonly time: number; readonly number: number; readonly happen: () => void };

export type Events = ReturnType<typeof eventsInOrder>;

/** Things that happen at moments of an imagined time: a heap, in order of time and, within a moment, of being said. */
export function eventsInOrder() {
  const heap: Event[] = [];
  let time = 0;
  let made = 0;
  const before = (a: Event | undefined, b: Event | undefined) =>
    a !== undefined && (b === undefined || a.time < b.time || (a.time === b.time && a.number < b.number));

  function swap(a: number, b: number): void {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  }

  function take(): Event | undefined {
    const [next] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return next;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = before(heap[right], heap[left]) ? right : left;
      if (!before(heap[least], heap[at])) return next;
      swap(at, least);
      at = least;
    }
  }

  return {
    now: () => time,
    at(moment: number, happen: () => void): void {
      heap.push({ time: Math.max(moment, time), number: made++, happen });
      for (let at = heap.length - 1; at > 0; ) {
        const above = (at - 1) >> 1;
        if (!before(heap[at], heap[above])) break;
        swap(at, above);
        at = above;
      }
    },
    run(until: number): void {
      for (let next = take(); next !== undefined && next.time <= until; next = take()) {
        time = next.time;
        next.happen();
      }
    },
  };
}

/** So many servers with one queue before them. */
export function servers({ now, at }: Pick<Events, 'now' | 'at'>, count: number) {
  const waiting: { readonly ms: number; readonly then: () => void }[] = [];
  let first = 0;
  let free = count;
  let used = 0;

  function serve(ms: number, then: () => void): void {
    free -= 1;
    used += ms;
    at(now() + ms, () => {
      free += 1;
      const next = waiting[first];
      if (next !== undefined) {
        first += 1;
        if (first > 1000) first -= waiting.splice(0, first).length;
        serve(next.ms, next.then);
      }
      then();
    });
  }

  return {
    used: () => used,
    use(ms: number, then: () => void): void {
      if (free > 0) serve(ms, then);
      else waiting.push({ ms, then });
    },
  };
}
