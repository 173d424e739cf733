import { approvals } from './store-cases/approvals.js';
import { books } from './store-cases/books.js';
import { connections } from './store-cases/connections.js';
import { contactHistory } from './store-cases/contact-history.js';
import { filters } from './store-cases/filters.js';
import { find } from './store-cases/find.js';
import { forgetting } from './store-cases/forgetting.js';
import { head } from './store-cases/head.js';
import { history } from './store-cases/history.js';
import { keptRows } from './store-cases/kept-rows.js';
import { links } from './store-cases/links.js';
import { purging } from './store-cases/purging.js';
import { refusals } from './store-cases/refusals.js';
import { runs } from './store-cases/runs.js';
import { search } from './store-cases/search.js';
import { text } from './store-cases/text.js';
import { wholeness } from './store-cases/wholeness.js';
import { writing } from './store-cases/writing.js';
import type { StoreCase } from './store-harness.js';
import { caseOf } from './store-kit.js';

/** Everything a contact store must do, for any test runner: each `run` rejects where the store does not. */
export function storeCases(): StoreCase[] {
  const contacts = [head, writing, refusals, wholeness, links, find, text, search, filters];
  return [...contacts, connections, history, contactHistory, runs, approvals, forgetting, purging, keptRows, books]
    .flat()
    .map(caseOf);
}
