import { type Contact, type Decision, differences, flags } from '@contact-sync/core';
import { sentencesOf } from '../show/sentences.js';
import { Difference } from './difference.js';
import { Theirs } from './theirs.js';

type Props = {
  readonly decision: Decision;
  /** It stands among others of its reason, which is said above them. */
  readonly grouped?: boolean;
};

/** A decision: about whom, what and why, what else is worth a look, and what changes. What stands in a card or a list. */
export function DecisionText({ decision, grouped = false }: Props) {
  const { before, after, says } = decision;
  const name = (after ?? before ?? says)?.name ?? '';
  return (
    <>
      <p>
        <span class="who">
          <Theirs text={name === '' ? '(no name)' : name} />
        </span>{' '}
        <Whereabouts decision={decision} />
      </p>
      <DecisionWhy decision={decision} grouped={grouped} />
    </>
  );
}

/** What was decided and why, and what changes, where it is clear already about whom. */
export function DecisionWhy({ decision, grouped = false }: Props) {
  const { reason, faults, note, flags: raised } = decision;
  const { sentence, hint } = sentencesOf(reason);
  return (
    <>
      {grouped ? null : (
        <p class="why">
          <span class="code">{reason}</span> {sentence}
        </p>
      )}
      {note === null ? null : (
        <p class="why">
          <Theirs text={note} />
        </p>
      )}
      {faults.slice(1).map((fault) => (
        <p key={fault} class="why">
          {sentencesOf(fault).sentence}
        </p>
      ))}
      {raised.map((flag) => (
        <p key={flag} class="why">
          ⚑ {flag}: {flags[flag]}
        </p>
      ))}
      {hint === undefined || grouped ? null : <p class="why">{hint}</p>}
      <Changes decision={decision} />
    </>
  );
}

function Whereabouts({ decision: { before, after, externalId } }: { readonly decision: Decision }) {
  const contact = after ?? before;
  const parts = [
    ...(contact === null
      ? []
      : [['contact ', <Theirs key="contact" text={contact.id} />, before === null ? ', new' : null]]),
    ...(externalId === null ? [] : [['record ', <Theirs key="record" text={externalId} />]]),
  ];
  return <span class="soft">{parts.map((part, index) => [index === 0 ? null : ', ', part])}</span>;
}

const saidFields = ['name', 'email', 'phone'] as const satisfies (keyof Contact)[];

/** What changes: old and new. Where nothing is to change: the contact, if there is one, and what the source says. */
function Changes({ decision: { before, after, says } }: { readonly decision: Decision }) {
  const contact = after ?? before;
  const rows = differences({ before, after });
  return (
    <>
      {rows.length === 0 ? null : <Difference rows={rows} />}
      {says === null ? null : (
        <>
          <p class="why soft">{contact === null ? 'The source says:' : 'The contact, and what the source says:'}</p>
          <Difference
            rows={saidFields.map((field) => ({ field, before: contact?.[field] ?? null, after: says[field] }))}
          />
        </>
      )}
    </>
  );
}
