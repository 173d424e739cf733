import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { useBook } from '../../lib/book.js';
import { many } from '../../lib/words.js';
import { connectionHref } from './incidents.js';
import { scheduleWords } from './schedule.js';
import { SourceName } from './source-name.js';
import { StateLine } from './state-line.js';
import './style.css';
import { useConnections } from './use-connections.js';

/** Every source that the book is or was connected to, and every one that is stored to be read. */
export function Connections() {
  const { href, administrator } = useBook();
  const { data, error, reload } = useConnections();
  const connect = (
    <a class="button primary" href={href('/connections/new')}>
      Connect a system
    </a>
  );
  return (
    <Page title="Connections" actions={administrator ? connect : undefined}>
      <ErrorNote error={error} retry={reload} />
      {data === undefined && error === null ? <Loading /> : null}
      {data?.length === 0 ? (
        <Empty title="Nothing is connected yet.">
          <p>
            A connection reads the contacts of a practice management system, and keeps the contact book equal to them.{' '}
            {administrator ? null : 'An administrator can connect one.'}
          </p>
        </Empty>
      ) : null}
      <ul class="list">
        {data?.map((connection) => (
          <li key={connection.source} class="connection">
            <h2>
              <a class="title-link" href={connectionHref(href, connection.source)}>
                <SourceName {...connection} />
              </a>
            </h2>
            <StateLine connection={connection} />
            <p class="soft numbers">
              {many(connection.contacts, 'contact')}
              {connection.stored ? ` · ${scheduleWords(connection.schedule ?? 'hourly')}` : null}
            </p>
          </li>
        ))}
      </ul>
    </Page>
  );
}
