import type { ComponentChildren } from 'preact';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { FormError } from '../../components/form-error.js';
import { useSending } from '../../lib/use-sending.js';

type Props = {
  readonly title: string;
  readonly confirm: string;
  readonly onClose: () => void;
  /** Does it; what it throws is shown, and the dialog stays. */
  readonly onSubmit: () => Promise<unknown>;
  readonly children: ComponentChildren;
};

/** A form in a dialog: closes when what was sent was taken. */
export function FormDialog({ title, confirm, onClose, onSubmit, children }: Props) {
  const { busy, error, submit } = useSending(async () => {
    await onSubmit();
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} autocomplete="off">
        {children}
        <FormError error={error} />
        <div class="actions">
          <Button type="submit" kind="primary" busy={busy}>
            {confirm}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
