import { Difference } from '@contact-sync/runner/components';
import { ConfirmDialog } from '../../components/dialog.js';
import { Theirs } from '../../components/theirs.js';
import type { Contact, ContactView } from '../../lib/types.js';

type Props = { readonly onConfirm: (why: string | null) => Promise<unknown>; readonly onClose: () => void };

export function ForceManualDialog(props: Props) {
  return (
    <ConfirmDialog title="Force manual" confirm="Force manual" why {...props}>
      <p>From now on you change this contact here, and a sync leaves its details alone.</p>
      <p>The link to its record stays. When the source says something else, you see it on this page.</p>
    </ConfirmDialog>
  );
}

const fields = ['name', 'email', 'phone'] as const;

type ReleaseProps = Props & Pick<ContactView, 'contact' | 'says'>;

export function ReleaseDialog({ contact, says, ...props }: ReleaseProps) {
  return (
    <ConfirmDialog title="Release" confirm="Release" why {...props}>
      <p>The next sync makes this contact equal to its record in the source. What was changed here is replaced.</p>
      {says === null ? null : (
        <>
          <p>When it was read last, the source said:</p>
          <Difference rows={fields.map((field) => ({ field, before: contact[field], after: says.details[field] }))} />
        </>
      )}
    </ConfirmDialog>
  );
}

export function ForgetDialog({ contact, ...props }: Props & { readonly contact: Contact }) {
  return (
    <ConfirmDialog title="Forget this person" confirm="Forget for good" danger typed="forget" why {...props}>
      <p>
        <b>
          <Theirs text={contact.name} />
        </b>{' '}
        leaves the book, and everything that the history says about them is removed. This cannot be undone.
      </p>
      {contact.link === null ? null : (
        <p>Their record in the source stays as it is. No sync makes this contact again.</p>
      )}
    </ConfirmDialog>
  );
}
