import type { Block } from '@contact-sync/core';
import { Theirs } from './theirs.js';

/** The guards that stopped a plan, each with its numbers. */
export function Guards({ blocked }: { readonly blocked: readonly Block[] }) {
  return (
    <>
      {blocked.map(({ guard, message }) => (
        <p key={guard} class="notice">
          <span class="code">{guard}</span> <Theirs text={message} />
        </p>
      ))}
    </>
  );
}
