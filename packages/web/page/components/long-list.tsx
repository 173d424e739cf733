import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWindowRows } from '../lib/use-window-rows.js';
import './long-list.css';

const ahead = 60;

/** For everything of a row that takes the focus: of all rows, one at a time is a stop of the Tab key. */
export type RowFocus = { readonly tabIndex: number; readonly onFocus: () => void };

type Props<T> = {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Of each row, in rem. */
  readonly rowHeight: number;
  /** How much at the top of the window may be covered by what stays there, in rem. */
  readonly covered?: number;
  /** How many there are in all; null while that is not known. */
  readonly total: number | null;
  readonly ended: boolean;
  readonly more: () => void;
  /** The row that has the focus at the beginning; null: none. */
  readonly row?: number | null;
  readonly onRow?: (index: number) => void;
  /** Called with a way to bring the focus into the list. */
  readonly enter: RefObject<() => void>;
  /** Where the focus goes from the first row. */
  readonly leave: () => void;
  readonly children: (item: T, focus: RowFocus, index: number) => ComponentChildren;
};

/** A list of which only the rows that can be seen are there; the next ones are read before they are scrolled to. */
export function LongList<T>(props: Props<T>) {
  const { label, items, keyOf, total, ended, more, row = null, onRow, enter, leave, children, covered = 0 } = props;
  const box = useRef<HTMLUListElement>(null);
  const height = props.rowHeight * rootFontSize();
  const { rows, height: all, top, fit, scrollTo } = useWindowRows(box, items.length, height, covered * rootFontSize());
  const [active, setActive] = useState(row ?? 0);
  const wanted = useRef(row);
  /** Which of the things in a row has the focus: up and down lead to the same one of another row. */
  const column = useRef(0);

  const last = rows.at(-1)?.index ?? 0;
  const near = !ended && last + ahead >= items.length;
  useEffect(() => {
    if (near) more();
  }, [near, items.length]);

  // The row that is to have the focus may only be there after the list was scrolled.
  const focusWanted = () => {
    if (wanted.current === null) return;
    const stops = stopsOf(box.current?.querySelector(`[data-index="${wanted.current}"]`));
    const stop = stops[column.current] ?? stops[0];
    if (stop === undefined) return;
    wanted.current = null;
    stop.focus({ preventScroll: true });
  };
  useEffect(focusWanted);
  const go = (index: number) => {
    const to = Math.max(0, Math.min(items.length - 1, index));
    wanted.current = to;
    setActive(to);
    scrollTo(to);
    focusWanted();
  };
  // Newer results may take the row away that has the focus; then the first one has it. Not so when rows are added at the
  // end, or scrolled out of sight.
  const focused = useRef<Node | null>(null);
  const [first] = items;
  useEffect(() => {
    const lost = focused.current?.isConnected === false;
    if (lost && document.activeElement === document.body && items.length > 0) go(0);
  }, [first === undefined ? null : keyOf(first)]);
  enter.current = () => items.length > 0 && go(Math.min(active, items.length - 1));

  const press = (event: KeyboardEvent) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + fit, PageUp: active - fit }[event.key];
    const ends = { Home: 0, End: items.length - 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (to ?? ends) === undefined) return;
    event.preventDefault();
    if (event.key === 'ArrowUp' && active === 0) leave();
    else go(to ?? ends ?? 0);
  };

  return (
    <ul
      ref={box}
      class="rows"
      aria-label={label}
      style={{ height: `${all}px` }}
      onKeyDown={press}
      onFocusIn={({ target }) => {
        focused.current = target instanceof Node ? target : null;
        if (target instanceof HTMLElement) column.current = Math.max(0, stopsOf(target.closest('li')).indexOf(target));
      }}
      onFocusOut={({ target }) =>
        // It goes out as well when the row is taken away, and is still there then.
        queueMicrotask(() => {
          if (target instanceof Node && target.isConnected && focused.current === target) focused.current = null;
        })
      }
    >
      {rows.map(({ index, start }) => {
        const item = items[index];
        if (item === undefined) return null;
        const focus = {
          tabIndex: index === Math.min(active, items.length - 1) ? 0 : -1,
          onFocus: () => {
            setActive(index);
            onRow?.(index);
          },
        };
        return (
          <li
            key={keyOf(item)}
            data-index={index}
            aria-setsize={total ?? -1}
            aria-posinset={index + 1}
            style={{ height: `${height}px`, transform: `translateY(${start - top}px)` }}
          >
            {children(item, focus, index)}
          </li>
        );
      })}
    </ul>
  );
}

function stopsOf(row: Element | null | undefined): HTMLElement[] {
  return [...(row?.querySelectorAll<HTMLElement>('[tabindex]') ?? [])];
}

function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
