import type { Kind } from './kinds.js';
import { type Wire, write } from './server.js';

/* Lists in pages that are given twice, left out or moved. Practice Manager gives its list in one answer. */

const right: Wire = (moment) => write(moment.socket, moment.right);
const before: Wire = ({ socket, earlier, right: its }) => write(socket, earlier.at(-1) ?? its);
const first: Wire = ({ socket, earlier, right: its }) => write(socket, earlier[0] ?? its);
const after: Wire = async ({ socket, following }) => write(socket, await following());

const paged = { fyi: 'either', bgl: 'either' } as const;

export const lists: readonly Kind[] = [
  { name: 'a page comes twice', strikes: 'once', wire: before, outcome: paged },
  { name: 'the page before comes again and again', strikes: 'from', wire: before, outcome: paged },
  { name: 'the first page comes again and again', strikes: 'from', wire: first, outcome: paged },
  { name: 'a page is left out', strikes: 'once', wire: after, outcome: paged },
  // FYI does not say how many there are, so a list that always begins late is a list; BGL says it.
  { name: 'every page is left out for the next one', strikes: 'from', wire: after, outcome: { bgl: 'either' } },
  { name: 'the list grows', strikes: 'once', wire: right, outcome: 'either', change: 'grows' },
  { name: 'the list shrinks', strikes: 'once', wire: right, outcome: 'either', change: 'shrinks' },
];
