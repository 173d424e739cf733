import { Difference } from '@contact-sync/runner/components';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import type { ContactView } from '../../lib/types.js';

type Props = { readonly view: ContactView };

const states: Readonly<Record<string, string>> = {
  connected: 'connected',
  paused: 'paused',
  disconnected: 'not connected any more',
};

/** Where a contact comes from. */
export function Origin({ view: { contact, origin } }: Props) {
  return (
    <section class="card" aria-labelledby="origin">
      <h2 id="origin">Where it comes from</h2>
      {origin === null ? <p>It was made here. No record of a source is linked to it.</p> : null}
      {origin === null ? null : (
        <dl class="details">
          <dt>System</dt>
          <dd>
            <Theirs text={origin.connector} />
            {origin.state === null ? null : <span class="soft"> ({states[origin.state] ?? origin.state})</span>}
          </dd>
          <dt>Source</dt>
          <dd class="code">
            <Theirs text={origin.source} />
          </dd>
          <dt>Record</dt>
          <dd>
            <span class="code">
              <Theirs text={origin.externalId} />
            </span>{' '}
            <SourceLink view={{ origin }} />
          </dd>
          {contact.missingSince === null ? null : (
            <>
              <dt>Missing</dt>
              <dd>
                since <Time at={contact.missingSince} />: the source does not have the record any more, or does not show
                it. The contact stays.
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

/** To the record in its own system, where that has a page for it. */
function SourceLink({ view: { origin } }: { readonly view: Pick<ContactView, 'origin'> }) {
  if (origin === null || origin.url === null) return null;
  return (
    <a href={origin.url} target="_blank" rel="noreferrer noopener">
      Open it in <Theirs text={origin.connector} />
      <span aria-hidden="true"> ↗</span>
      <span class="unseen"> (in a new tab)</span>
    </a>
  );
}

/** That a contact cannot be edited, and how it can be changed all the same. */
export function ReadOnly({ view }: Props) {
  const { administrator } = useBook();
  const { contact, actions, origin } = view;
  if (actions.edit.allowed) return null;
  const takeOver = administrator && actions['force-manual'].allowed;
  return (
    <div class="read-only">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z" />
      </svg>
      <p>
        <b>Read-only.</b>{' '}
        {contact.recordType === 'contact-sync' ? (
          <>
            It is kept equal to its record
            {origin === null ? null : (
              <>
                {' '}
                in <Theirs text={origin.connector} />
              </>
            )}
            . Change it there, and the next sync takes it up
            {takeOver ? '; or take it over with “Force manual” below' : ''}. <SourceLink view={view} />
          </>
        ) : (
          'Another integration made it, and it is left as it is.'
        )}
      </p>
    </div>
  );
}

const fields = ['name', 'email', 'phone'] as const;

/** What the source says now, beside the contact, where that is something else. */
export function SourceSays({ view: { contact, says } }: Props) {
  const { href } = useBook();
  if (says === null) return null;
  return (
    <section class="card" aria-labelledby="says">
      <h2 id="says">The contact, and what the source says</h2>
      <Difference rows={fields.map((field) => ({ field, before: contact[field], after: says.details[field] }))} />
      <p class="soft">
        Seen <Time at={says.at} /> in <a href={href(`/history/${encodeURIComponent(says.run)}`)}>run {says.run}</a>.
      </p>
    </section>
  );
}
