import type { Arm, Counts, Task } from './arm.ts';
import { type Profile, profiled } from './profile.ts';

/** One measured run of an arm. */
export type Measure = {
  /** Milliseconds, by the clock, and of the process's own CPU, all threads. */
  readonly time: number;
  readonly cpu: number;
  /** The process's peak in MiB, getting ready included. */
  readonly memory: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly counts: Counts | null;
  /** Where it was asked for. */
  readonly digest: string | null;
  readonly profile: Profile | null;
};

export type Asked = { readonly digest: boolean; readonly profile: boolean };

export async function perform(arm: Arm, task: Task, asked: Asked): Promise<Measure> {
  const run = await arm.start(task);
  const work = async () => {
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    const done = await run();
    const time = performance.now() - before;
    const { user, system } = process.cpuUsage(cpuBefore);
    return { ...done, time, cpu: (user + system) / 1000 };
  };
  const { result, profile } = asked.profile ? await profiled(work) : { result: await work(), profile: null };
  const { time, cpu, counts, parts = {} } = result;
  const memory = process.resourceUsage().maxRSS / 1024;
  const digest = asked.digest && arm.digest !== null ? await arm.digest(task) : null;
  return { time, cpu, memory, parts, counts, digest, profile };
}
