import { useEffect, useState } from 'preact/hooks';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import { useBack, useEvent } from '../../lib/events.js';
import type { ApiError } from '../../lib/request.js';
import type { Preview as PreviewOf, Progress } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import '../connections/style.css';
import { PlanReady } from './plan-ready.js';
import { previewWords, wayBack } from './preview-words.js';
import { Reading } from './reading.js';
import { PreviewButton } from './start-preview.js';

/** How often to look how far a read is that no event tells of, in milliseconds. */
const lookMs = 5000;

/** What a plan would do, and its approval: of a sync, of a disconnect, of undoing a run, of one that a guard stopped. */
export function Preview({ id }: { readonly id: string }) {
  // From one to another is another page: its heading gets the focus.
  return <PreviewPage key={id} id={id} />;
}

function PreviewPage({ id }: { readonly id: string }) {
  const { api, book } = useBook();
  const { data, error, loading, reload } = useData(`preview ${book} ${id}`, (signal) => api.preview(id, signal));
  const [progress, setProgress] = useState<Progress | null>(null);
  useEvent('preview', (event) => {
    if (event.book !== book || event.id !== id) return;
    if (event.state === 'reading') setProgress(event.progress);
    else reload();
  });
  useBack(reload);
  // In case events do not come: a proxy may hold them back.
  const waits = data?.state === 'reading' && !loading;
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(reload, lookMs);
    return () => clearTimeout(timer);
  }, [waits]);

  if (error?.status === 404) return <Gone />;
  if (data === undefined) {
    return <Page title="Preview">{error === null ? <Loading /> : <ErrorNote error={error} retry={reload} />}</Page>;
  }
  const { title } = previewWords(data.about);
  return (
    <Page title={title}>
      {'source' in data.about ? (
        <p class="code soft">
          <Theirs text={data.about.source} />
        </p>
      ) : null}
      {/* Read out when it changes: nothing else says that the plan has come. */}
      <p class="unseen" role="status">
        {data.state === 'reading'
          ? previewWords(data.about).reading
          : data.state === 'ready'
            ? 'The plan is here.'
            : ''}
      </p>
      <StateOf preview={data} progress={progress ?? data.progress} />
    </Page>
  );
}

type StateProps = { readonly preview: PreviewOf; readonly progress: Progress | null };

function StateOf({ preview, progress }: StateProps) {
  const { href } = useBook();
  const { state, plan, run, error } = preview;
  if (state === 'reading') return <Reading preview={preview} progress={progress} />;
  if (state === 'applied') {
    return (
      <Empty title="This plan was approved, and it was applied.">
        {run === null ? null : <a href={href(`/history/${encodeURIComponent(run)}`)}>See what it did</a>}
      </Empty>
    );
  }
  if (state === 'ready' && plan !== null) return <PlanReady preview={preview} plan={plan} />;
  return <Failed preview={preview} error={error} />;
}

function Failed({ preview, error }: { readonly preview: PreviewOf; readonly error: PreviewOf['error'] }) {
  const { href, administrator } = useBook();
  const [refused, setRefused] = useState<ApiError | null>(null);
  return (
    <>
      <ErrorNote error={error} />
      <p>Nothing was written.</p>
      <ErrorNote error={refused} />
      <div class="actions">
        {administrator ? (
          <PreviewButton about={preview.about} kind="primary" onError={setRefused}>
            Look again
          </PreviewButton>
        ) : null}
        <a href={href(wayBack(preview.about))}>Back</a>
      </div>
    </>
  );
}

function Gone() {
  const { href } = useBook();
  return (
    <Page title="Preview">
      <Empty title="This preview is not kept any more.">
        <p>Previews are kept for a while only. Nothing was written by looking.</p>
        <p>
          <a href={href('/sync')}>To the connections, to look again</a>
        </p>
      </Empty>
    </Page>
  );
}
