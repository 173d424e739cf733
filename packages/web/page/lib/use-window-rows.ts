import {
  observeWindowOffset,
  observeWindowRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

type Rows = {
  readonly rows: readonly VirtualItem[];
  /** The height of all rows together, in pixels. */
  readonly height: number;
  /** Where the first row begins, from the top of the document: to be taken off a row's `start`. */
  readonly top: number;
  /** How many rows fit into the window. */
  readonly fit: number;
  readonly scrollTo: (index: number) => void;
};

/**
 * Which rows of a long list are to be there while the window is scrolled. All rows are `rowHeight` pixels high; so much of the
 * window as `covered` says may be covered at its top.
 */
export function useWindowRows(
  box: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  covered: number,
): Rows {
  const [, update] = useReducer((n: number) => n + 1, 0);
  const top = useRef(0);
  const options: VirtualizerOptions<Window, Element> = {
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => window,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    initialOffset: () => window.scrollY,
    scrollMargin: top.current,
    scrollPaddingStart: covered,
    overscan: 12,
    onChange: () => update(0),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);
  useLayoutEffect(() => {
    const at = box.current === null ? 0 : Math.round(box.current.getBoundingClientRect().top + window.scrollY);
    if (at === top.current) return;
    top.current = at;
    update(0);
  });
  return {
    rows: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    top: top.current,
    fit: Math.max(1, Math.floor(window.innerHeight / rowHeight) - 1),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}
