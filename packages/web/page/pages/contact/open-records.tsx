import { DecisionWhy } from '@contact-sync/runner/components';
import { useBook } from '../../lib/book.js';
import type { ContactView } from '../../lib/types.js';

/** Records of this contact that wait for a person. */
export function OpenRecords({ open }: Pick<ContactView, 'open'>) {
  const { href } = useBook();
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="open">
      <h2 id="open">Waiting for a person</h2>
      <ul class="list">
        {open.map(({ run, decision }, index) => (
          <li key={`${run} ${index}`}>
            <DecisionWhy decision={decision} />
          </li>
        ))}
      </ul>
      <p>
        <a href={href('/review')}>Look at it in the review</a>
      </p>
    </section>
  );
}
