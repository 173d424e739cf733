import { type Due, latenesses, momentsOf, quantile } from './fleet-load.js';
import { round } from './fleet-measure.js';
import type { FleetWorld } from './fleet-world.js';

/** How long after its moment a sync may begin. */
const onTimeMs = 60_000;

/** Of firms that are well, of all moments whose time to be on time is over. */
export function lateness(world: FleetWorld, dues: readonly Due[], begin: number, end: number) {
  const reads = readsByFirm(world);
  const late: number[] = [];
  let twice = 0;
  let due = 0;
  for (const [n, { practice }] of world.firms.entries()) {
    const is = dues[n];
    if (is === undefined) continue;
    due += momentsOf(is, begin, end).length;
    if (practice.fault !== null) continue;
    const its = reads.get(practice.tenantId) ?? [];
    late.push(...latenesses(momentsOf(is, begin, end - onTimeMs), its));
    const here = its.filter((at) => at >= begin + onTimeMs && at < end).length;
    twice += Math.max(0, here - momentsOf(is, begin, end).length);
  }
  late.sort((a, b) => a - b);
  const seconds = (share: number) => round(quantile(late, share) / 1000);
  return {
    due: due / ((end - begin) / 1000),
    onTime: late.filter((one) => one <= onTimeMs).length / Math.max(1, late.length),
    late: { p50: seconds(0.5), p95: seconds(0.95), p99: seconds(0.99), most: seconds(1) },
    twice,
  };
}

/** When each practice was read, in milliseconds since 1970. */
function readsByFirm({ practices }: FleetWorld): Map<string, number[]> {
  const reads = new Map<string, number[]>();
  for (const { at, tenantId } of practices.requests) {
    const its = reads.get(tenantId) ?? [];
    its.push(performance.timeOrigin + at);
    reads.set(tenantId, its);
  }
  return reads;
}

/** Whether there is a firm that is well, and was not read since the last moment that is longer ago than it may be late. */
export function isLate(world: FleetWorld, dues: readonly Due[], begin: number): boolean {
  const reads = readsByFirm(world);
  return world.firms.some(({ practice }, n) => {
    const due = dues[n];
    const last = due && momentsOf(due, begin, Date.now() - onTimeMs).at(-1);
    return last !== undefined && practice.fault === null && !((reads.get(practice.tenantId)?.at(-1) ?? 0) >= last);
  });
}
