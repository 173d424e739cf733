import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { Connected, Connector } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { ConnectForm } from './connect-form.js';
import { ConnectedNow } from './connected-now.js';
import './style.css';

/** Connects a system: which one, how it is read, and then a look at what the first sync would do. */
export function Connect() {
  const { api, book, href, administrator } = useBook();
  const { query } = useLocation();
  const [connected, setConnected] = useState<Connected['connected'] | null>(null);
  const { data, error, reload } = useData(`connectors ${book} ${administrator}`, async (signal) =>
    administrator ? (await api.connectors(signal)).connectors : [],
  );
  if (!administrator) {
    return (
      <Page title="Connect a system">
        <Empty title="An administrator connects systems.">
          <a href={href('/connections')}>To the connections</a>
        </Empty>
      </Page>
    );
  }
  if (connected !== null) {
    return (
      <Page key="done" title="Connected">
        <ConnectedNow connected={connected} />
      </Page>
    );
  }
  return (
    <Page key="form" title="Connect a system">
      <ErrorNote error={error} retry={reload} />
      {data === undefined && error === null ? <Loading /> : null}
      {data?.length === 0 ? (
        <Empty title="No connector is installed.">
          <p>
            Install one beside the service, <code>@contact-sync/connector-xpm</code> for one, and load this page again.
          </p>
        </Empty>
      ) : null}
      {data === undefined || data.length === 0 ? null : (
        <Choice connectors={data} wanted={query.connector} onConnected={setConnected} />
      )}
    </Page>
  );
}

type ChoiceProps = {
  readonly connectors: readonly Connector[];
  readonly wanted: string | undefined;
  readonly onConnected: (connected: Connected['connected']) => void;
};

function Choice({ connectors, wanted, onConnected }: ChoiceProps) {
  const [name, setName] = useState(wanted ?? (connectors.length === 1 ? connectors[0]?.name : undefined));
  const connector = connectors.find((one) => one.name === name);
  return (
    <>
      <fieldset class="choices cards">
        <legend>Which system</legend>
        {connectors.map((one) => (
          <label key={one.name}>
            <input type="radio" name="connector" checked={one.name === name} onChange={() => setName(one.name)} />
            <Theirs text={one.title} />
          </label>
        ))}
      </fieldset>
      {connector === undefined ? null : (
        <ConnectForm key={connector.name} connector={connector} onConnected={onConnected} />
      )}
    </>
  );
}
