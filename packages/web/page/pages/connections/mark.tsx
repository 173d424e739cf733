import type { Standing } from './standing.js';

const signs: Readonly<Record<Standing['mark'], string>> = {
  well: 'M3 8.5l3.2 3.2L13 5',
  busy: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.6h-2.6',
  waiting: 'M8 4v4l2.6 1.8M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  paused: 'M5.5 3.5v9M10.5 3.5v9',
  attention: 'M8 3v6M8 12.4v.2',
  off: 'M3 8h10',
};

/** A sign that says by its shape, and again by its colour, what the words beside it say. */
export function Mark({ mark }: Pick<Standing, 'mark'>) {
  return (
    <svg class={`mark mark-${mark}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={signs[mark]} />
    </svg>
  );
}
