import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../components/button.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { ErrorNote } from '../../components/notes.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import type { Connection } from '../../lib/types.js';
import { many } from '../../lib/words.js';
import { PreviewButton } from '../preview/start-preview.js';

/** Ends a connection, with a look at what that does; or forgets what is stored of one that the book is not connected to. */
export function Ending({ connection }: { readonly connection: Connection }) {
  const { state } = connection;
  if (state === 'connected' || state === 'paused') return <Disconnect connection={connection} />;
  return connection.stored ? <RemoveStored connection={connection} /> : null;
}

function Disconnect({ connection }: { readonly connection: Connection }) {
  const [error, setError] = useState<ApiError | null>(null);
  const { source, contacts } = connection;
  return (
    <section>
      <h2>Disconnect</h2>
      <p>
        {contacts === 0
          ? 'It has no contacts.'
          : `Its ${many(contacts, 'contact')} stay: those that are synced become manual.`}{' '}
        What is stored to read the source is removed.
      </p>
      <ErrorNote error={error} />
      <p>
        <PreviewButton about={{ kind: 'disconnect', source }} onError={setError}>
          See what would happen…
        </PreviewButton>
      </p>
    </section>
  );
}

function RemoveStored({ connection }: { readonly connection: Connection }) {
  const { api, href } = useBook();
  const { route } = useLocation();
  const [asks, setAsks] = useState(false);
  const { source, state } = connection;
  const remove = async () => {
    await api.removeStored(source);
    route(href('/connections'), true);
  };
  return (
    <section>
      <h2>Remove</h2>
      <p>
        {state === null ? 'It was never synced, and no contact came from it.' : 'Its contacts are manual, and stay.'}{' '}
        What is stored to read the source can be removed, with its secrets.
      </p>
      <p>
        <Button onClick={() => setAsks(true)}>Remove what is stored…</Button>
      </p>
      {asks ? (
        <ConfirmDialog
          title="Remove what is stored?"
          confirm="Remove"
          danger
          onConfirm={remove}
          onClose={() => setAsks(false)}
        >
          <p>Its settings, schedule and secrets are removed. To use it again, somebody has to connect it again.</p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
