import type { Arm } from '../arm.ts';
import { armNames, loadArm } from './registry.ts';

/** All of them, for the process that only talks about them. */
const arms: readonly Arm[] = await Promise.all(armNames.map(loadArm));

export function armNamed(name: string): Arm {
  const arm = arms.find((one) => one.name === name);
  if (arm === undefined) throw new Error(`There is no arm ${name}.`);
  return arm;
}
