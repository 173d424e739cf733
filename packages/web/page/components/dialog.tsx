import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, asApiError } from '../lib/request.js';
import { Button } from './button.js';
import { ErrorNote } from './notes.js';

type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
};

let lastId = 0;

/** The browser's own modal dialog: it keeps the focus, closes on Escape and gives the focus back. There while it is rendered. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [id] = useState(() => `dialog-${++lastId}`);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

type ConfirmProps = {
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  /** What a person has to type, so that it does not happen by a slip. */
  readonly typed?: string;
  /** Asks for a note for the history. */
  readonly why?: boolean;
  /** Does it. While it runs the dialog waits; what it throws is shown, and the dialog stays. */
  readonly onConfirm: (why: string | null) => Promise<unknown>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
};

/** Asks before something is done, and does it. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, confirm, danger = false, typed, why = false, onConfirm, onClose, children } = props;
  const [note, setNote] = useState('');
  const [word, setWord] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || (typed !== undefined && word.trim() !== typed)) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm(note.trim() === '' ? null : note.trim());
      onClose();
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {children}
        {typed === undefined ? null : (
          <label class="field">
            <span>
              Type <b>{typed}</b> to confirm
            </span>
            <input
              value={word}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setWord(event.currentTarget.value)}
            />
          </label>
        )}
        {why ? (
          <label class="field">
            <span>Why (for the history, may stay empty)</span>
            <input value={note} maxLength={1000} onInput={(event) => setNote(event.currentTarget.value)} />
          </label>
        ) : null}
        <ErrorNote error={error} />
        <div class="actions">
          <Button
            type="submit"
            kind={danger ? 'danger' : 'primary'}
            busy={busy}
            disabled={typed !== undefined && word.trim() !== typed}
          >
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
