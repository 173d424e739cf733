import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type DetailsDraft, DetailsFields, detailsOf } from '../../components/details-fields.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { useSay } from '../../components/messages.js';
import { useBook } from '../../lib/book.js';

type Props = { readonly onClose: () => void; readonly onAdded: () => void };

/** Adds a contact by hand, and opens it. */
export function AddContact({ onClose, onAdded }: Props) {
  const { api, href } = useBook();
  const { route } = useLocation();
  const say = useSay();
  const [draft, setDraft] = useState<DetailsDraft>({ name: '', email: '', phone: '' });
  const add = async (why: string | null) => {
    const { contact } = await api.addContact({ ...detailsOf(draft), why });
    onAdded();
    say('The contact was added.');
    if (contact !== null) route(href(`/contacts/${encodeURIComponent(contact.id)}`));
  };
  return (
    <ConfirmDialog title="Add a contact" confirm="Add" why onConfirm={add} onClose={onClose}>
      <p class="soft">
        It is manual: no sync changes it, unless a record of a source has the same name, email and phone.
      </p>
      <DetailsFields draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
    </ConfirmDialog>
  );
}
