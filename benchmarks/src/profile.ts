import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

/** Self time in milliseconds: of groups of code, and of the functions that took most of it. */
export type Profile = {
  readonly groups: Readonly<Record<string, number>>;
  readonly functions: Readonly<Record<string, number>>;
};

const intervalMicroseconds = 500;

export async function profiled<T>(work: () => Promise<T>): Promise<{ result: T; profile: Profile }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: intervalMicroseconds });
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();

  const groups = new Map<string, number>();
  const functions = new Map<string, number>();
  const add = (sums: Map<string, number>, name: string, time: number) => sums.set(name, (sums.get(name) ?? 0) + time);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  profile.samples?.forEach((id, index) => {
    const frame = nodes.get(id);
    const time = (profile.timeDeltas?.[index] ?? 0) / 1000;
    // The profiler's own work is none of ours.
    if (frame === undefined || time <= 0 || frame.url === 'node:inspector') return;
    const group = groupOf(frame.functionName, frame.url);
    add(groups, group, time);
    if (!frame.functionName.startsWith('(')) add(functions, `${frame.functionName || '(anonymous)'}, ${group}`, time);
  });
  return { result, profile: { groups: sorted(groups, 20), functions: sorted(functions, 12) } };
}

/** The package that code belongs to; Node's own code, garbage collection and waiting are groups too. */
function groupOf(name: string, url: string): string {
  if (name === '(garbage collector)') return 'garbage collection';
  if (name === '(idle)') return 'waiting (for a server, a disk)';
  if (name.startsWith('(')) return 'V8 and Node';
  if (url === '') return nativeGroup(name);
  if (url.startsWith('node:')) return 'Node’s own modules';
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const own = /\/(packages\/[^/]+|benchmarks)\/(?:dist|src)\//.exec(path)?.[1];
  if (own !== undefined) return own.replace('packages/', '@contact-sync/');
  const parts = path.split('/node_modules/').at(-1)?.split('/') ?? [];
  return parts.slice(0, parts[0]?.startsWith('@') ? 2 : 1).join('/');
}

/** Functions of V8 and Node that are written in C++; those of SQLite are the methods of its statements. */
function nativeGroup(name: string): string {
  if (['run', 'all', 'get', 'iterate', 'next', 'exec', 'prepare', 'open'].includes(name)) return 'SQLite (node:sqlite)';
  if (name === 'parse' || name === 'stringify') return 'JSON';
  return 'V8 and Node';
}

function sorted(sums: ReadonlyMap<string, number>, most: number): Record<string, number> {
  return Object.fromEntries([...sums].sort(([, a], [, b]) => b - a).slice(0, most));
}
