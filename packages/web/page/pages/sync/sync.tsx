import { useState } from 'preact/hooks';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import type { Connection } from '../../lib/types.js';
import { connectionHref, Incidents } from '../connections/incidents.js';
import { LastAndNext } from '../connections/last-and-next.js';
import { PauseButton } from '../connections/pause-button.js';
import { SourceName } from '../connections/source-name.js';
import { StateLine } from '../connections/state-line.js';
import '../connections/style.css';
import { useConnections } from '../connections/use-connections.js';
import { PreviewButton } from '../preview/start-preview.js';
import { SyncNow } from './sync-now.js';

/** Each connection: how it stands, what came of its last sync, and what can be done now. */
export function Sync() {
  const { href, administrator } = useBook();
  const { data, error, reload } = useConnections();
  return (
    <Page title="Sync">
      <ErrorNote error={error} retry={reload} />
      {data === undefined && error === null ? <Loading /> : null}
      {data?.length === 0 ? (
        <Empty title="Nothing is connected yet.">
          {administrator ? (
            <p>
              <a href={href('/connections/new')}>Connect a system</a>
            </p>
          ) : (
            <p>An administrator can connect a system.</p>
          )}
        </Empty>
      ) : null}
      {data?.map((connection) => (
        <Card key={connection.source} connection={connection} reload={reload} />
      ))}
    </Page>
  );
}

type CardProps = { readonly connection: Connection; readonly reload: () => void };

function Card({ connection, reload }: CardProps) {
  const { href, administrator } = useBook();
  const [error, setError] = useState<ApiError | null>(null);
  const { source, title, stored } = connection;
  return (
    <article class="card connection">
      <h2>
        <a class="title-link" href={connectionHref(href, source)}>
          <SourceName {...connection} />
        </a>
      </h2>
      <StateLine connection={connection} />
      <Incidents connection={connection} />
      <LastAndNext connection={connection} />
      <ErrorNote error={error} />
      {administrator && stored ? (
        <div class="actions">
          <SyncNow connection={connection} onAsked={reload} onError={setError} />
          <PreviewButton about={{ kind: 'sync', source }} label={`Preview: ${title} ${source}`} onError={setError}>
            Preview
          </PreviewButton>
          <PauseButton connection={connection} onDone={reload} />
        </div>
      ) : null}
    </article>
  );
}
