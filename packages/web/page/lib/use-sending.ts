import { useState } from 'preact/hooks';
import { type ApiError, asApiError } from './request.js';

export type Sending = {
  readonly busy: boolean;
  readonly error: ApiError | null;
  /** Sends a form, once at a time, instead of what the browser would do with it. */
  readonly submit: (event: Event) => Promise<void>;
};

/** A form that is sent by `work`. Busy until that ends; what it throws is what was wrong. */
export function useSending(work: () => Promise<unknown>): Sending {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return { busy, error, submit };
}
