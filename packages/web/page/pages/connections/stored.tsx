import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { Connection, Connector } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { PolicyDialog, ScheduleDialog, SettingsDialog } from './change-dialogs.js';
import { AccessWords, ConnectAgain } from './connect-again.js';
import { Ending } from './ending.js';
import { nameWords } from './field-words.js';
import { scheduleWords } from './schedule.js';

type Props = { readonly connection: Connection; readonly reload: () => void };

type Asked = 'schedule' | 'settings' | 'policy';

/** What is stored of a connection: when and how it is read, what a firm decided for it, and how it is ended. */
export function Stored({ connection, reload }: Props) {
  const { administrator } = useBook();
  const [asked, setAsked] = useState<Asked | null>(null);
  const connector = useConnector(connection.connector);
  const { schedule, settings, policy, kind, source } = connection;
  const again = useRef<HTMLElement>(null);
  const isKnown = connector !== null;
  useEffect(() => {
    // Whoever comes to connect it again is led there, once it is there.
    if (isKnown && location.hash === '#again') again.current?.scrollIntoView();
  }, [isKnown]);
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
      <section id="again" ref={again}>
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
