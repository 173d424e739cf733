import { Theirs } from '../../components/theirs.js';
import type { Connection } from '../../lib/types.js';

/** What a connection is called: the system, and which tenant of it. */
export function SourceName({ title, source }: Pick<Connection, 'title' | 'source'>) {
  return (
    <>
      <Theirs text={title} />{' '}
      <span class="source code soft">
        <Theirs text={source} />
      </span>
    </>
  );
}
