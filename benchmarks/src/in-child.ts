import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Arm, Task } from './arm.ts';
import type { Asked, Measure } from './perform.ts';

const program = fileURLToPath(new URL('child.ts', import.meta.url));

/** `perform`, in a process of its own. */
export async function performInChild({ name }: Arm, task: Task, asked: Asked): Promise<Measure> {
  const child = spawn(process.execPath, [program, JSON.stringify({ name, task, asked })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const output = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`${name} with ${task.size} records (${task.mix}) ended with code ${code}.`);
  return JSON.parse(output);
}
