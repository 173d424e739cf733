import type { Block } from '@contact-sync/core';

/** The guards that stopped a plan, each with its numbers. */
export function Guards({ blocked }: { readonly blocked: readonly Block[] }) {
  return (
    <>
      {blocked.map(({ guard, message }) => (
        <p key={guard} class="notice">
          <span class="code">{guard}</span> {message}
        </p>
      ))}
    </>
  );
}
