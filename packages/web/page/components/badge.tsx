import type { ComponentChildren } from 'preact';

type Kind = 'none' | 'change' | 'make' | 'match' | 'open';

/** A short word that stands out. Its colour repeats what it says, and is never all that says it. */
export function Badge({ kind = 'none', children }: { readonly kind?: Kind; readonly children: ComponentChildren }) {
  return <span class={`badge badge-${kind}`}>{children}</span>;
}
