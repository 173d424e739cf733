import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

type Props = {
  /** What the page is about, in plain text: the title of the window. */
  readonly title: string;
  /** What stands as heading where that is more than the title. */
  readonly heading?: ComponentChildren;
  /** The way back, above the heading. */
  readonly above?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
};

let shown = 0;

/** One page: its title, what can be done, what it holds. When a person comes from another page, its heading gets the focus. */
export function Page({ title, heading, above, actions, children }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · contact-sync`;
  }, [title]);
  useEffect(() => {
    shown += 1;
    // Not on the first page: there a person begins at the top, with the link that skips the navigation.
    // Nor where the page has put the focus somewhere itself.
    const placed = document.activeElement?.closest('main > *') ?? null;
    if (shown > 1 && placed === null) head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      {above === undefined ? null : <p class="above">{above}</p>}
      <div class="page-head">
        <h1 ref={head} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {actions === undefined ? null : <div class="actions">{actions}</div>}
      </div>
      {children}
    </>
  );
}
