import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../components/button.js';
import { ErrorNote } from '../../components/notes.js';
import { useBook } from '../../lib/book.js';
import { type ApiError, asApiError } from '../../lib/request.js';
import type { Preview, Progress } from '../../lib/types.js';
import { progressWords } from '../connections/progress-words.js';
import { previewWords, wayBack } from './preview-words.js';

type Props = { readonly preview: Preview; readonly progress: Progress | null };

/** How far a read is, and the end of it where it is not wanted any more. */
export function Reading({ preview, progress }: Props) {
  const { api, href, administrator } = useBook();
  const { route } = useLocation();
  const [error, setError] = useState<ApiError | null>(null);
  const cancel = async () => {
    setError(null);
    try {
      await api.dropPreview(preview.id);
      route(href(wayBack(preview.about)));
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  return (
    <div class="reading">
      <p>{previewWords(preview.about).reading}</p>
      <progress aria-label="Reading" />
      <p class="soft numbers">{progressWords(progress)}</p>
      <ErrorNote error={error} />
      {administrator ? (
        <div class="actions">
          <Button onClick={cancel}>Cancel</Button>
        </div>
      ) : null}
    </div>
  );
}
