import { useState } from 'preact/hooks';
import { ErrorNote } from '../../components/notes.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import type { Connected } from '../../lib/types.js';
import { PreviewButton } from '../preview/start-preview.js';
import { connectionHref } from './incidents.js';

/** What was connected, and the way to see what its first sync would do. */
export function ConnectedNow({ connected }: Pick<Connected, 'connected'>) {
  const { href } = useBook();
  const [error, setError] = useState<ApiError | null>(null);
  return (
    <>
      <p>A page of the source was read, so it works.</p>
      <ErrorNote error={error} />
      <ul class="list">
        {connected.map(({ source, title, replaced }) => (
          <li key={source}>
            <p class="who">
              {title === null ? null : (
                <>
                  <Theirs text={title} />{' '}
                </>
              )}
              <span class="code soft">
                <Theirs text={source} />
              </span>
            </p>
            {replaced ? (
              <p>It was connected before. Its contacts, settings, policy and schedule are as they were.</p>
            ) : null}
            <div class="actions">
              <PreviewButton
                about={{ kind: 'sync', source }}
                kind="primary"
                label={`See what a sync would do: ${title ?? source}`}
                onError={setError}
              >
                See what a sync would do
              </PreviewButton>
              <a href={connectionHref(href, source)}>Its settings</a>
            </div>
          </li>
        ))}
      </ul>
      <p>
        <a href={href('/sync')}>To all connections</a>
      </p>
    </>
  );
}
