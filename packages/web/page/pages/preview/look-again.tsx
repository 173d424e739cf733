import { useEffect, useRef, useState } from 'preact/hooks';
import { ErrorNote } from '../../components/notes.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import type { PreviewBody } from '../../lib/types.js';
import { PreviewButton } from './start-preview.js';

/** The book is not any more what the plan was made for: it cannot be approved, only made again. */
export function LookAgain({ about }: { readonly about: PreviewBody }) {
  const { administrator } = useBook();
  const [error, setError] = useState<ApiError | null>(null);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    // Whoever was about to approve was in the form that is not there any more.
    if (document.activeElement === document.body) place.current?.focus();
  }, []);
  const stopped = about.kind === 'approve';
  return (
    <section ref={place} tabIndex={-1} class="notice" role="alert">
      <p>
        <b>The contact book changed since this plan was made.</b> A plan fits exactly one state of the book, so this one
        is not applied any more.
      </p>
      {stopped ? <p>Sync again; if a guard stops that run too, it can be approved.</p> : null}
      <ErrorNote error={error} />
      {administrator && !stopped ? (
        <p>
          <PreviewButton about={about} kind="primary" onError={setError}>
            Look again
          </PreviewButton>
        </p>
      ) : null}
    </section>
  );
}
