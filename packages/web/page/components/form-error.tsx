import { useEffect, useRef } from 'preact/hooks';
import type { ApiError } from '../lib/request.js';
import { ErrorNote } from './notes.js';

/** What was wrong with a form that was sent: the focus goes there, so that nobody looks for it. */
export function FormError({ error }: { readonly error: ApiError | null }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== null) place.current?.focus();
  }, [error]);
  return (
    <div ref={place} tabIndex={-1} class="form-error">
      <ErrorNote error={error} />
    </div>
  );
}
