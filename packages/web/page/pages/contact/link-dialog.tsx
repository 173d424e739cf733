import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../../components/dialog.js';
import { useBook } from '../../lib/book.js';
import type { Contact, Done } from '../../lib/types.js';
import { useSourceTitles } from '../contacts/use-source-titles.js';

type Props = {
  readonly contact: Contact;
  readonly onDone: (said: string, done: Done) => void;
  readonly onClose: () => void;
};

/** Says by hand which record of a source a contact is. */
export function LinkDialog({ contact, onDone, onClose }: Props) {
  const { api } = useBook();
  const { connections } = useSourceTitles();
  const [chosen, setChosen] = useState<string | null>(contact.link?.source ?? null);
  const [externalId, setExternalId] = useState('');
  const source = chosen ?? connections[0]?.source ?? '';
  const link = async (why: string | null) =>
    onDone('The contact was linked.', await api.linkContact(contact.id, { source, externalId, why }));
  return (
    <ConfirmDialog title="Link by hand" confirm="Link" why onConfirm={link} onClose={onClose}>
      <p>
        The next sync makes the contact equal to this record. If another contact has the record now, that one becomes
        manual and loses its link.
      </p>
      <label class="field">
        <span>Source</span>
        <select value={source} required onChange={(event) => setChosen(event.currentTarget.value)}>
          {connections.map((connection) => (
            <option key={connection.source} value={connection.source}>
              {`${connection.title} (${connection.source})`}
            </option>
          ))}
          {source !== '' && !connections.some((connection) => connection.source === source) ? (
            <option value={source}>{source}</option>
          ) : null}
        </select>
      </label>
      <label class="field">
        <span>Id of the record in the source</span>
        <input
          value={externalId}
          required
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setExternalId(event.currentTarget.value)}
        />
      </label>
    </ConfirmDialog>
  );
}
