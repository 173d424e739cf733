import type { PolicyInput } from '@contact-sync/core';

/** Policies as they come from a command line: numbers are text there. */
export function policyOf(policy: Readonly<Record<string, string>>): PolicyInput {
  return Object.fromEntries(
    Object.entries(policy).map(([name, text]) => [name, /^\d+(\.\d+)?$/.test(text) ? Number(text) : text]),
  ) as PolicyInput;
}
