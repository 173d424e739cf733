import type { Task } from './arm.ts';
import { armNamed } from './arms/all.ts';
import { type Asked, perform } from './perform.ts';

// A process of its own for each run: what an arm leaves in memory, or has warmed up, is of no use to the next one.
const { name, task, asked }: { name: string; task: Task; asked: Asked } = JSON.parse(process.argv[2] ?? '');
const measure = await perform(armNamed(name), task, asked);
process.stdout.write(JSON.stringify(measure));
