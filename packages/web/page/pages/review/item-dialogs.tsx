import { Difference } from '@contact-sync/runner/components';
import { ConfirmDialog } from '../../components/dialog.js';
import { useSay } from '../../components/messages.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { Contact, ReviewItem } from '../../lib/types.js';
import { changeInList } from '../contacts/kept-list.js';

type Props = { readonly item: ReviewItem; readonly onDone: () => void; readonly onClose: () => void };

const fields = ['name', 'email', 'phone'] as const;

/** Takes over exactly what the record said when it was held. */
export function ApproveDialog({ item, onDone, onClose }: Props) {
  const { api } = useBook();
  const say = useSay();
  const { says, before, externalId } = item.decision;
  const approve = async (why: string | null) => {
    if (externalId === null) return;
    const { contact } = await api.approveHeld(item.run, externalId, { why });
    if (contact !== null) changeInList(contact.id, contact);
    say('It was taken over.');
    onDone();
  };
  return (
    <ConfirmDialog title="Approve this record" confirm="Approve" why onConfirm={approve} onClose={onClose}>
      <p>It is the same person, and the contact becomes what the source says:</p>
      {says === null ? null : (
        <Difference rows={fields.map((field) => ({ field, before: before?.[field] ?? null, after: says[field] }))} />
      )}
    </ConfirmDialog>
  );
}

/** Links the record to one of the contacts that it may be about. */
export function LinkHereDialog({ item, contact, onDone, onClose }: Props & { readonly contact: Contact }) {
  const { api } = useBook();
  const say = useSay();
  const { source, decision } = item;
  const link = async (why: string | null) => {
    if (source === null || decision.externalId === null) return;
    const done = await api.linkContact(contact.id, { source, externalId: decision.externalId, why });
    if (done.contact !== null) changeInList(contact.id, done.contact);
    say('The record was linked.');
    onDone();
  };
  return (
    <ConfirmDialog title="Link the record" confirm="Link" why onConfirm={link} onClose={onClose}>
      <p>
        From the next sync on the record{' '}
        <b class="code">
          <Theirs text={decision.externalId ?? ''} />
        </b>{' '}
        belongs to contact{' '}
        <b>
          <Theirs text={contact.name} />
        </b>{' '}
        (<Theirs text={contact.id} />
        ), which becomes equal to it.
      </p>
      {decision.before === null || decision.before.id === contact.id ? null : (
        <p>
          The contact that has it now,{' '}
          <b>
            <Theirs text={decision.before.name} />
          </b>
          , becomes manual and loses its link.
        </p>
      )}
    </ConfirmDialog>
  );
}
