import { DecisionWhy, Details } from '@contact-sync/runner/components';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { ContactBadges, typeNames } from '../../components/contact-words.js';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import type { Contact, ReviewItem } from '../../lib/types.js';
import { ApproveDialog, LinkHereDialog } from './item-dialogs.js';

type Props = { readonly item: ReviewItem; readonly title: string | null; readonly onDone: () => void };

/** A record that waits, beside the contacts that it may be about. */
export function Item({ item, title, onDone }: Props) {
  const { administrator, href } = useBook();
  const { decision, candidates, actions, run, at } = item;
  const { says, externalId } = decision;
  const [open, setOpen] = useState<'approve' | Contact | null>(null);
  const close = () => setOpen(null);
  const may = (action: 'approve' | 'link') => administrator && actions.includes(action);

  return (
    <li class="review-item">
      <div class={candidates.length === 0 ? 'beside alone' : 'beside'}>
        <div class="side">
          <h3>
            What {title === null ? 'the source' : <Theirs text={title} />} says
            {externalId === null ? null : (
              <span class="code soft">
                {' '}
                <Theirs text={externalId} />
              </span>
            )}
          </h3>
          {says === null ? <p class="soft">The row could not be read.</p> : <Details details={says} />}
          <DecisionWhy decision={{ ...decision, says: null, before: null, after: null }} grouped />
          <p class="seen soft">
            Seen <Time at={at} /> in <a href={href(`/history/${encodeURIComponent(run)}`)}>run {run}</a>
          </p>
        </div>
        {candidates.map((contact) => (
          <div key={contact.id} class="side">
            <h3>
              <a href={href(`/contacts/${encodeURIComponent(contact.id)}`)}>
                Contact <Theirs text={contact.id} />
              </a>{' '}
              <span class="soft">{typeNames[contact.recordType]}</span> <ContactBadges contact={contact} />
            </h3>
            <Details details={contact} beside={says} />
            {contact.id === decision.before?.id ? <p class="soft">It is linked to this record.</p> : null}
            {may('link') && canTake(contact, item) ? (
              <Button onClick={() => setOpen(contact)}>Link the record to this contact</Button>
            ) : null}
          </div>
        ))}
      </div>
      {may('approve') ? (
        <div class="actions">
          <Button kind="primary" onClick={() => setOpen('approve')}>
            Approve
          </Button>
        </div>
      ) : null}
      {open === 'approve' ? <ApproveDialog item={item} onDone={onDone} onClose={close} /> : null}
      {open !== null && open !== 'approve' ? (
        <LinkHereDialog item={item} contact={open} onDone={onDone} onClose={close} />
      ) : null}
    </li>
  );
}

/** Whether the record can be linked to this contact: not an external one, and not the one that has it. */
function canTake(contact: Contact, { source, decision }: ReviewItem): boolean {
  if (contact.recordType === 'external' || source === null || decision.externalId === null) return false;
  return contact.link?.source !== source || contact.link.externalId !== decision.externalId;
}
