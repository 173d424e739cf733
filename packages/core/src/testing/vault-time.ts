import type { VaultClock } from '../lease-vault.js';

type Wait = { readonly at: number; readonly end: () => void };

/** A process of the kit: it has timers of its own, and can be frozen. */
export type KitProcess = VaultClock & {
  freeze(): void;
  /** Its timers whose time has come meanwhile go off. Resolves when the process has done what follows from that. */
  wake(): Promise<void>;
  /** To be called when something happens in the process that may follow from a timer. */
  moved(): void;
  /** Resolves when the process does the next thing: it waits, it begins or ends work, or learns that it lost a lock. */
  nextMove(): Promise<void>;
};

/** One time for several processes, which stands still until the kit moves it. */
export type KitTime = {
  process(): KitProcess;
  /** Timers go off in their order; each process has done what follows from one before the next goes off. */
  advance(ms: number): Promise<void>;
};

export function kitTime(start: number): KitTime {
  let now = start;
  const processes: { frozen: boolean; waits: Set<Wait>; goOff(wait: Wait): Promise<void> }[] = [];

  function process(): KitProcess {
    let whenMoved: (() => void)[] = [];
    const moved = () => {
      for (const tell of whenMoved) tell();
      whenMoved = [];
    };
    const nextMove = () =>
      new Promise<void>((resolve) => {
        whenMoved.push(resolve);
      });
    const self = {
      frozen: false,
      waits: new Set<Wait>(),
      async goOff(wait: Wait) {
        const movement = nextMove();
        wait.end();
        await movement;
      },
    };
    processes.push(self);
    return {
      now: () => now,
      async wait(ms, signal) {
        moved();
        if (signal?.aborted) return;
        await new Promise<void>((resolve) => {
          const end = () => {
            self.waits.delete(wait);
            signal?.removeEventListener('abort', end);
            resolve();
          };
          const wait = { at: now + ms, end };
          self.waits.add(wait);
          signal?.addEventListener('abort', end);
        });
      },
      moved,
      nextMove,
      freeze() {
        self.frozen = true;
      },
      async wake() {
        self.frozen = false;
        for (const wait of [...self.waits]) if (wait.at <= now) await self.goOff(wait);
      },
    };
  }

  async function advance(ms: number): Promise<void> {
    const end = now + ms;
    for (;;) {
      const due = processes
        .filter(({ frozen }) => !frozen)
        .flatMap((of) => [...of.waits].map((wait) => ({ of, wait })))
        .filter(({ wait }) => wait.at <= end)
        .sort((a, b) => a.wait.at - b.wait.at)[0];
      if (due === undefined) break;
      now = Math.max(now, due.wait.at);
      await due.of.goOff(due.wait);
    }
    now = end;
  }

  return { process, advance };
}
