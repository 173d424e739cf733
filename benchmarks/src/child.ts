import type { Task } from './arm.ts';
import { type ArmName, loadArm } from './arms/registry.ts';
import { type Asked, perform } from './perform.ts';

// A process of its own for each run: what an arm leaves in memory, or has warmed up, is of no use to the next one.
const { name, task, asked }: { name: ArmName; task: Task; asked: Asked } = JSON.parse(process.argv[2] ?? '');
const measure = await perform(await loadArm(name), task, asked);
process.stdout.write(JSON.stringify(measure));
