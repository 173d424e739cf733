import { approvals } from './approvals.js';
import { books } from './books.js';
import type { BrokenStore } from './broken.js';
import { connections } from './connections.js';
import { contactHistory } from './contact-history.js';
import { filters } from './filters.js';
import { find } from './find.js';
import { forgetting } from './forgetting.js';
import { head } from './head.js';
import { history } from './history.js';
import { keptRows } from './kept-rows.js';
import { links } from './links.js';
import { purging } from './purging.js';
import { refusals } from './refusals.js';
import { runs } from './runs.js';
import { search } from './search.js';
import { text } from './text.js';
import { wholeness } from './wholeness.js';
import { writing } from './writing.js';

/** One for each check of the kit, which is the only check that finds it. */
export const brokenStores: readonly BrokenStore[] = [
  head,
  writing,
  refusals,
  wholeness,
  links,
  find,
  text,
  search,
  filters,
  connections,
  history,
  contactHistory,
  runs,
  approvals,
  forgetting,
  purging,
  keptRows,
  books,
].flat();
