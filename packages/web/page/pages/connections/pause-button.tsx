import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { Connection } from '../../lib/types.js';

type Props = { readonly connection: Connection; readonly onDone: () => void };

/** Pauses a connection, or resumes it. There where one of the two can be done. */
export function PauseButton({ connection, onDone }: Props) {
  const { api } = useBook();
  const [asks, setAsks] = useState(false);
  const { source, title, state } = connection;
  if (state !== 'connected' && state !== 'paused') return null;
  const pauses = state === 'connected';
  const word = pauses ? 'Pause' : 'Resume';
  const confirmed = async (why: string | null) => {
    await (pauses ? api.pause(source, { why }) : api.resume(source, { why }));
    onDone();
  };
  return (
    <>
      <Button label={`${word}: ${title} ${source}`} onClick={() => setAsks(true)}>
        {word}
      </Button>
      {asks ? (
        <ConfirmDialog
          title={`${word} this connection?`}
          confirm={word}
          why
          onConfirm={confirmed}
          onClose={() => setAsks(false)}
        >
          <p>
            <Theirs text={title} />{' '}
            <span class="code soft">
              <Theirs text={source} />
            </span>
          </p>
          <p>
            {pauses
              ? 'It stays connected, and its contacts stay as they are. It is not synced until an administrator resumes it.'
              : 'It is synced again, the first time soon. To see before what that will do, close this and choose Preview.'}
          </p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
