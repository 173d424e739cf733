import { sharedStyle } from '../components/index.js';

/** The style of the report: readable from a phone to paper. */
export const pageStyle = `${sharedStyle}
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 4rem; }
.search { position: sticky; top: 0; background: var(--paper); padding: .75rem 0; border-bottom: 1px solid var(--line);
  display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; z-index: 1; }
.search input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft);
  border-radius: .3rem; padding: .35rem .6rem; flex: 1 1 14rem; min-width: 0; }
.list { content-visibility: auto; contain-intrinsic-size: auto 800rem; }
@media print { .search { display: none; } body { max-width: none; padding: 0; font-size: 10pt; }
  .list, .list[hidden] { content-visibility: visible; display: block; }
  .list > li { break-inside: avoid; } .list > li[hidden] { display: list-item; } }
`;
