import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { ContactAction, ContactView, Done } from '../../lib/types.js';
import { EditDialog } from './edit-dialog.js';
import { ForceManualDialog, ForgetDialog, ReleaseDialog } from './life-dialogs.js';
import { LinkDialog } from './link-dialog.js';

type Props = { readonly view: ContactView; readonly onDone: (said: string, done: Done) => void };

const offers: readonly (readonly [ContactAction, string, string])[] = [
  ['edit', 'Edit', 'Change name, email or phone.'],
  ['force-manual', 'Force manual', 'Take it over: a sync does not change its details any more.'],
  ['release', 'Release', 'Give it back: the next sync makes it equal to its source again.'],
  ['link', 'Link by hand', 'Say which record of a source it is.'],
  ['forget', 'Forget', 'Remove this person from the book and from the history, for good.'],
];

/** What can be done with a contact; what cannot, with the reason. */
export function Actions({ view, onDone }: Props) {
  const { api } = useBook();
  const [open, setOpen] = useState<ContactAction | null>(null);
  const { contact, actions } = view;
  const { id } = contact;
  const close = () => setOpen(null);
  const change = (action: 'force-manual' | 'release' | 'forget', said: string) => async (why: string | null) =>
    onDone(said, await api.changeContact(id, action, { why }));

  return (
    <section aria-labelledby="actions">
      <h2 id="actions">What can be done</h2>
      <ul class="offers">
        {offers.map(([action, name, what]) => {
          const { allowed, why } = actions[action];
          return (
            <li key={action}>
              <Button
                kind={action === 'forget' ? 'danger' : 'plain'}
                disabled={!allowed}
                describedBy={`offer-${action}`}
                onClick={() => setOpen(action)}
              >
                {name}
              </Button>
              <p id={`offer-${action}`} class={allowed ? '' : 'soft'}>
                {allowed || why === null ? what : <Theirs text={why} />}
              </p>
            </li>
          );
        })}
      </ul>
      {open === 'edit' ? <EditDialog contact={contact} onDone={onDone} onClose={close} /> : null}
      {open === 'force-manual' ? (
        <ForceManualDialog onConfirm={change('force-manual', 'It is forced manual now.')} onClose={close} />
      ) : null}
      {open === 'release' ? (
        <ReleaseDialog
          says={view.says}
          contact={contact}
          onConfirm={change('release', 'It was given back to its source.')}
          onClose={close}
        />
      ) : null}
      {open === 'link' ? <LinkDialog contact={contact} onDone={onDone} onClose={close} /> : null}
      {open === 'forget' ? (
        <ForgetDialog contact={contact} onConfirm={change('forget', 'This person was forgotten.')} onClose={close} />
      ) : null}
    </section>
  );
}
