import type { ComponentChildren } from 'preact';
import type { ApiError } from '../lib/request.js';
import { Button } from './button.js';
import { Theirs } from './theirs.js';

/** Where there is nothing to show: what would be here, and how to get there. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="who">{title}</p>
      {children}
    </div>
  );
}

type ErrorNoteProps = {
  readonly error: Pick<ApiError, 'code' | 'message' | 'hint'> | null;
  readonly retry?: () => void;
};

/** Something did not work: what happened, what to do, and to try again where that may help. */
export function ErrorNote({ error, retry }: ErrorNoteProps) {
  if (error === null) return null;
  return (
    <div class="notice" role="alert">
      <p>
        <Theirs text={error.message} />
      </p>
      <p class="soft">
        <Theirs text={error.hint} />
      </p>
      <p>
        {retry === undefined ? null : <Button onClick={retry}>Try again</Button>}{' '}
        <span class="code soft">{error.code}</span>
      </p>
    </div>
  );
}

/** While something is loaded for the first time. Shown only after a moment, so that what is fast does not flicker. */
export function Loading({ what = 'Loading' }: { readonly what?: string }) {
  return (
    <p class="loading soft" role="status">
      {what}…
    </p>
  );
}
