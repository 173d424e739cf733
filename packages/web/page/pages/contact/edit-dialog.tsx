import { useState } from 'preact/hooks';
import { type DetailsDraft, DetailsFields, detailsOf } from '../../components/details-fields.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { useBook } from '../../lib/book.js';
import type { Contact, Done } from '../../lib/types.js';

type Props = {
  readonly contact: Contact;
  readonly onDone: (said: string, done: Done) => void;
  readonly onClose: () => void;
};

/** Changes the details of a contact. Only what was changed is sent. */
export function EditDialog({ contact, onDone, onClose }: Props) {
  const { api } = useBook();
  const [draft, setDraft] = useState<DetailsDraft>({ ...contact, phone: contact.phone ?? '' });
  const save = async (why: string | null) => {
    const { name, email, phone } = detailsOf(draft);
    const done = await api.editContact(contact.id, {
      ...(name === contact.name ? {} : { name }),
      ...(email === contact.email ? {} : { email }),
      ...(phone === contact.phone ? {} : { phone }),
      why,
    });
    onDone('The contact was changed.', done);
  };
  return (
    <ConfirmDialog title="Edit the contact" confirm="Save" why onConfirm={save} onClose={onClose}>
      <DetailsFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
    </ConfirmDialog>
  );
}
