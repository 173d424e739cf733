import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { useBook } from '../../lib/book.js';
import { type ApiError, asApiError } from '../../lib/request.js';
import type { SyncNow as Allowed, Connection } from '../../lib/types.js';
import { Countdown, useSecondsTo } from '../connections/countdown.js';
import { refusalWords } from '../connections/standing.js';

type Props = {
  readonly connection: Connection;
  readonly onAsked: () => void;
  readonly onError: (error: ApiError | null) => void;
};

let lastId = 0;

/**
 * Syncs a connection now, where that may be done. What stands in the way is said on a line that is always there, and from
 * when on it is possible; the button is reachable all the same, or else nobody would hear why it does nothing.
 */
export function SyncNow({ connection, onAsked, onError }: Props) {
  const { api } = useBook();
  const [said, setSaid] = useState<{ readonly of: Allowed; readonly now: Allowed } | null>(null);
  const [id] = useState(() => `sync-now-${++lastId}`);
  const { source, title, running } = connection;
  // What the server said to the button is newer than the list, until the list is read again.
  const { allowed, why, possibleAt } = said?.of === connection.syncNow ? said.now : connection.syncNow;
  const seconds = useSecondsTo(possibleAt);
  const possible = !running && (allowed || (possibleAt !== null && seconds === 0));
  const words = possible || running ? null : refusalWords(why);

  const ask = async () => {
    onError(null);
    try {
      setSaid({ of: connection.syncNow, now: await api.syncNow(source) });
      onAsked();
    } catch (error) {
      onError(asApiError(error));
    }
  };

  return (
    <>
      <Button kind="primary" label={`Sync now: ${title} ${source}`} disabled={!possible} describedBy={id} onClick={ask}>
        Sync now
      </Button>
      <p class="refusal soft" id={id}>
        {words}
        {words !== null && possibleAt !== null ? (
          <>
            {' '}
            <Countdown at={possibleAt} seconds={seconds} />.
          </>
        ) : null}
      </p>
    </>
  );
}
