import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../components/button.js';
import { FormError } from '../../components/form-error.js';
import { useSay } from '../../components/messages.js';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import { type ApiError, asApiError } from '../../lib/request.js';
import type { Plan, Preview } from '../../lib/types.js';
import { previewWords } from './preview-words.js';

type Props = {
  readonly preview: Preview;
  readonly plan: Plan;
  readonly onMovedOn: () => void;
  readonly onBusy: (busy: boolean) => void;
};

/** A person's word for exactly the plan that is shown. */
export function Approve({ preview, plan, onMovedOn, onBusy }: Props) {
  const { api, href, administrator, session } = useBook();
  const { route } = useLocation();
  const say = useSay();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const { confirm, danger } = previewWords(preview.about);
  const { hash, at, blocked } = plan;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    onBusy(true);
    setError(null);
    try {
      const why = note.trim() === '' ? null : note.trim();
      const { run } = await api.applyPreview(preview.id, { hash, why });
      say('Done. The history has it.');
      route(href(`/history/${encodeURIComponent(run.id)}`));
    } catch (thrown) {
      setBusy(false);
      onBusy(false);
      const refused = asApiError(thrown);
      if (refused?.code === 'store_conflict') onMovedOn();
      else setError(refused);
    }
  };

  if (!administrator) return <p class="notice">An administrator can approve this plan.</p>;
  return (
    <section class="card">
      <h2>Approve</h2>
      <p>
        Exactly this plan is applied, in full or not at all: plan <span class="code">{shortHash(hash)}</span>, made{' '}
        <Time at={at} />.
        {blocked.length > 0 && preview.about.kind === 'sync'
          ? ' The history then shows that a guard stopped it, and that you approved it.'
          : null}
      </p>
      <form onSubmit={submit}>
        <label class="field">
          <span>Why (for the history, may stay empty)</span>
          <input value={note} maxLength={1000} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <FormError error={error} />
        <div class="actions">
          <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={busy}>
            {confirm}
          </Button>
          <span class="soft">
            as <Theirs text={session.user} />
          </span>
        </div>
      </form>
    </section>
  );
}

/** What is enough of a hash to tell one plan from another by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 10);
}
