import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import './search-field.css';

const waitMs = 120;

type Props = {
  /** What is searched for now. */
  readonly text: string;
  /** What can be searched for. */
  readonly placeholder: string;
  readonly onSearch: (text: string) => void;
  /** The arrow down leads into the results. */
  readonly onDown: () => void;
  readonly field: RefObject<HTMLInputElement | null>;
};

/** Searches while a person types, a moment after the last key. */
export function SearchField({ text, placeholder, onSearch, onDown, field }: Props) {
  const [typed, setTyped] = useState(text);
  const asked = useRef(text);
  // A filter that was changed after the last key stays changed.
  const latest = useRef(onSearch);
  latest.current = onSearch;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Somebody went back, or took a filter away: what stands here is what is searched for.
  useEffect(() => {
    if (text === asked.current) return;
    asked.current = text;
    setTyped(text);
  }, [text]);

  const search = (value: string) => {
    clearTimeout(timer.current);
    asked.current = value;
    latest.current(value);
  };
  return (
    <label class="search">
      <span class="unseen">Search</span>
      <input
        ref={field}
        type="search"
        value={typed}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        maxLength={500}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setTyped(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(value), waitMs);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search(typed);
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          onDown();
        }}
      />
    </label>
  );
}
