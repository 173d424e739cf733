import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import type { Connection } from '../../lib/types.js';
import { type Incident, incidentsOf } from './standing.js';

/** What is the matter with a connection, since when, and where something can be done about it. */
export function Incidents({ connection }: { readonly connection: Connection }) {
  return (
    <>
      {incidentsOf(connection).map((incident) => (
        <div key={incident.code} class="notice">
          <p>
            {incident.says}{' '}
            <span class="soft">
              Since <Time at={incident.since} />.
            </span>
          </p>
          <p>
            {incident.todo} <WhereTo incident={incident} connection={connection} />
          </p>
        </div>
      ))}
    </>
  );
}

function WhereTo({ incident, connection }: { readonly incident: Incident; readonly connection: Connection }) {
  const { href, administrator } = useBook();
  const { source, lastRun } = connection;
  switch (incident.leadsTo) {
    case 'reconnect':
      return administrator ? <a href={`${connectionHref(href, source)}#again`}>Connect it again</a> : null;
    case 'review':
      return <a href={href(`/review?kind=rejected&source=${encodeURIComponent(source)}`)}>See the records</a>;
    case 'run':
      return lastRun === null ? null : (
        <a href={href(`/history/${encodeURIComponent(lastRun.id)}`)}>See the last run</a>
      );
    case null:
      return null;
  }
}

export function connectionHref(href: (path: string) => string, source: string): string {
  return href(`/connections/${encodeURIComponent(source)}`);
}
