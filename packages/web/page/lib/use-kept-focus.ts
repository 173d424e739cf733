import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * For a list that grows when a button is pressed, and whose button goes when there is no more: whoever pressed it goes on
 * at the first of the new items, rather than at the top of the page. Items are to take the focus. Gives what is to be
 * called when the button is pressed.
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, length: number): () => void {
  const from = useRef<number | null>(null);
  useEffect(() => {
    const first = from.current === null ? undefined : list.current?.children[from.current];
    if (first === undefined) return;
    from.current = null;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost && first instanceof HTMLElement) first.focus();
  }, [length]);
  return () => {
    from.current = length;
  };
}
