import { useState } from 'preact/hooks';
import { ErrorNote } from '../../components/notes.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import type { Connected } from '../../lib/types.js';
import { PreviewButton } from '../preview/start-preview.js';
import { connectionHref, Incidents } from './incidents.js';
import { LastAndNext } from './last-and-next.js';
import { SourceName } from './source-name.js';
import { StateLine } from './state-line.js';
import { useConnections } from './use-connections.js';

/** What was connected, how far its first sync is, and the way to see what a sync would do. */
export function ConnectedNow({ connected }: Pick<Connected, 'connected'>) {
  const { href } = useBook();
  const { data } = useConnections();
  const [error, setError] = useState<ApiError | null>(null);
  return (
    <>
      <p>A page of the source was read, so it works.</p>
      <ErrorNote error={error} />
      <ul class="list">
        {connected.map(({ source, title, replaced }) => {
          const connection = data?.find((one) => one.source === source);
          return (
            <li key={source} class="connection">
              <h2>
                <SourceName title={title ?? connection?.title ?? ''} source={source} />
              </h2>
              {replaced ? (
                <p>It was connected before. Its contacts, settings, policy and schedule are as they were.</p>
              ) : null}
              {connection === undefined ? null : (
                <>
                  <StateLine connection={connection} />
                  <Incidents connection={connection} />
                  <LastAndNext connection={connection} />
                </>
              )}
              <div class="actions">
                <PreviewButton
                  about={{ kind: 'sync', source }}
                  label={`See what a sync would do: ${title ?? source}`}
                  onError={setError}
                >
                  See what a sync would do
                </PreviewButton>
                <a href={connectionHref(href, source)}>Its settings</a>
              </div>
            </li>
          );
        })}
      </ul>
      <p>
        <a href={href('/sync')}>To all connections</a>
      </p>
    </>
  );
}
