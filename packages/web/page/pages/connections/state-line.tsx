import { Theirs } from '../../components/theirs.js';
import type { Connection } from '../../lib/types.js';
import { Mark } from './mark.js';
import { progressWords } from './progress-words.js';
import { standingOf } from './standing.js';
import { useProgress } from './use-connections.js';

/**
 * How a connection stands, and how far the sync has come that is running. The state is read out when it changes, with the
 * name, since nobody who hears it sees the card; the numbers are not. Each line is always there, so that nothing moves.
 */
export function StateLine({ connection }: { readonly connection: Connection }) {
  const { mark, words, more } = standingOf(connection);
  const { running, title } = connection;
  const progress = useProgress(connection);
  return (
    <div class="standing">
      {running ? <progress aria-label={`Syncing ${title}`} /> : null}
      <p role="status">
        <Mark mark={mark} />
        <span class="unseen">
          <Theirs text={title} />:{' '}
        </span>
        <b>{words}</b>
      </p>
      <p class="soft numbers">{running ? progressWords(progress) : more}</p>
    </div>
  );
}
