import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import type { Connection as ConnectionOf, Connector } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { PreviewButton } from '../preview/start-preview.js';
import { PolicyDialog, ScheduleDialog, SettingsDialog } from './change-dialogs.js';
import { AccessWords, ConnectAgain } from './connect-again.js';
import { Ending } from './ending.js';
import { nameWords } from './field-words.js';
import { Incidents } from './incidents.js';
import { LastAndNext } from './last-and-next.js';
import { PauseButton } from './pause-button.js';
import { scheduleWords } from './schedule.js';
import { SourceName } from './source-name.js';
import { StateLine } from './state-line.js';
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

type Asked = 'schedule' | 'settings' | 'policy';

function Stored({ connection, reload }: Props) {
  const { administrator } = useBook();
  const [asked, setAsked] = useState<Asked | null>(null);
  const connector = useConnector(connection.connector);
  const { schedule, settings, policy, kind, source } = connection;
  const ask = (what: Asked, label: string) =>
    administrator ? (
      <Button label={label} onClick={() => setAsked(what)}>
        Change…
      </Button>
    ) : null;
  const dialog = { connection, onClose: () => setAsked(null), onDone: reload };
  return (
    <>
      <section>
        <Heading words="Schedule">{ask('schedule', 'Change… the schedule')}</Heading>
        <p>{scheduleWords(schedule ?? 'hourly')}.</p>
      </section>
      <section>
        <Heading words="Settings">{connector === null ? null : ask('settings', 'Change… the settings')}</Heading>
        <Pairs texts={settings} none="All settings are the usual ones." />
        <p class="soft">
          {kind === 'external'
            ? 'Its records become external contacts: made once, and left alone from then on.'
            : 'Its records become synced contacts: kept equal to the source, and read-only.'}
        </p>
      </section>
      <section>
        <Heading words="Policy">{ask('policy', 'Change… the policy')}</Heading>
        <Pairs texts={policy} none="As the service is configured." />
      </section>
      <section id="again">
        <h2>Access</h2>
        <AccessWords connection={connection} />
        {administrator && connector !== null ? (
          <details class="again" open={'reconnect' in connection.incidents || location.hash === '#again'}>
            <summary>Connect it again</summary>
            <ConnectAgain key={source} connection={connection} connector={connector} onDone={reload} />
          </details>
        ) : null}
      </section>
      {administrator ? <Ending connection={connection} /> : null}
      {asked === 'schedule' ? <ScheduleDialog {...dialog} /> : null}
      {asked === 'policy' ? <PolicyDialog {...dialog} /> : null}
      {asked === 'settings' && connector !== null ? <SettingsDialog {...dialog} connector={connector} /> : null}
    </>
  );
}

/** What the connector takes; null until it is known, and where it is not installed any more. */
function useConnector(name: string): Connector | null {
  const { api, book, administrator } = useBook();
  const { data } = useData(`connectors ${book} ${administrator}`, async (signal) =>
    administrator ? (await api.connectors(signal)).connectors : [],
  );
  return data?.find((connector) => connector.name === name) ?? null;
}

function Heading({ words, children }: { readonly words: string; readonly children: ComponentChildren }) {
  return (
    <div class="section-head">
      <h2>{words}</h2>
      {children}
    </div>
  );
}

function Pairs({ texts, none }: { readonly texts: Readonly<Record<string, string>>; readonly none: string }) {
  const pairs = Object.entries(texts);
  if (pairs.length === 0) return <p>{none}</p>;
  return (
    <dl class="details">
      {pairs.map(([name, value]) => [
        <dt key={name}>
          <Theirs text={nameWords(name)} />
        </dt>,
        <dd key={`${name} value`}>
          <Theirs text={value} />
        </dd>,
      ])}
    </dl>
  );
}
