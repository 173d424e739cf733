import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ticks of the clock in a second, on every Linux that Node runs on. */
const ticks = 100;

/** Seconds of CPU a process has used; 0 where it is gone. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function cpuOf(pid: number): number {
  const fields = fieldsOf(pid);
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticks;
}

/** The same of a PostgreSQL that is reached by a socket: of the server, its helpers, and what those that ended have used. */
export function cpuOfServer(url: string): number {
  const folder = new URL(url).searchParams.get('host') ?? '';
  try {
    const postmaster = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    let sum = cpuOf(postmaster) + ended(postmaster);
    for (const name of readdirSync('/proc')) {
      if (/^\d+$/.test(name) && parentOf(Number(name)) === postmaster) sum += cpuOf(Number(name));
    }
    return sum;
  } catch {
    return 0;
  }
}

function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const parentOf = (pid: number) => Number(fieldsOf(pid)[1]);

function ended(pid: number): number {
  const fields = fieldsOf(pid);
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / ticks;
}
