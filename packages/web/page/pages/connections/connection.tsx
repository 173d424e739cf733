import { useState } from 'preact/hooks';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import type { Connection as ConnectionOf } from '../../lib/types.js';
import { PreviewButton } from '../preview/start-preview.js';
import { Ending } from './ending.js';
import { Incidents } from './incidents.js';
import { LastAndNext } from './last-and-next.js';
import { PauseButton } from './pause-button.js';
import { SourceName } from './source-name.js';
import { StateLine } from './state-line.js';
import { Stored } from './stored.js';
import './style.css';
import { useConnections } from './use-connections.js';

/** One connection: how it stands, how it is read and when, and how it is ended. */
export function Connection({ source }: { readonly source: string }) {
  const { href } = useBook();
  const { data, error, reload } = useConnections();
  const connection = data?.find((one) => one.source === source);
  if (connection === undefined) {
    return (
      <Page title="Connection">
        <ErrorNote error={error} retry={reload} />
        {data === undefined && error === null ? <Loading /> : null}
        {data === undefined ? null : (
          <Empty title="There is no such connection.">
            <a href={href('/connections')}>To the connections</a>
          </Empty>
        )}
      </Page>
    );
  }
  return (
    <Page title={connection.title} heading={<SourceName {...connection} />}>
      <ErrorNote error={error} retry={reload} />
      <Standing connection={connection} reload={reload} />
      {connection.stored ? <Stored connection={connection} reload={reload} /> : <NotStored connection={connection} />}
    </Page>
  );
}

type Props = { readonly connection: ConnectionOf; readonly reload: () => void };

function Standing({ connection, reload }: Props) {
  const { href, administrator } = useBook();
  const [error, setError] = useState<ApiError | null>(null);
  const { source, stored } = connection;
  return (
    <section class="card connection" aria-label="How it stands">
      <StateLine connection={connection} />
      <Incidents connection={connection} />
      <LastAndNext connection={connection} />
      <ErrorNote error={error} />
      <div class="actions">
        {administrator && stored ? (
          <>
            <PreviewButton about={{ kind: 'sync', source }} onError={setError}>
              Preview a sync
            </PreviewButton>
            <PauseButton connection={connection} onDone={reload} />
          </>
        ) : null}
        <a href={href(`/contacts?source=${encodeURIComponent(source)}`)}>Its contacts</a>
      </div>
    </section>
  );
}

function NotStored({ connection }: { readonly connection: ConnectionOf }) {
  const { href, administrator } = useBook();
  return (
    <>
      <section id="again">
        <h2>Connect it again</h2>
        <p>
          Nothing is stored to read it. When it is connected again, its contacts are found by their links, and become
          synced contacts again.
        </p>
        {administrator ? (
          <p>
            <a href={href(`/connections/new?connector=${encodeURIComponent(connection.connector)}`)}>
              Connect it again
            </a>
          </p>
        ) : null}
      </section>
      {administrator ? <Ending connection={connection} /> : null}
    </>
  );
}
