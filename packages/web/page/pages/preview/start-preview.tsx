import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { Button } from '../../components/button.js';
import { useBook } from '../../lib/book.js';
import type { ApiError } from '../../lib/request.js';
import { asApiError } from '../../lib/request.js';
import type { PreviewBody } from '../../lib/types.js';

type Props = {
  readonly about: PreviewBody;
  readonly children: ComponentChildren;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly label?: string;
  readonly disabledWhy?: string | null;
  /** Told what went wrong, and null when it is tried again. */
  readonly onError: (error: ApiError | null) => void;
};

/** Begins to look at what would be done, and opens the page that shows it. Nothing is written by that. */
export function PreviewButton({ about, children, onError, ...rest }: Props) {
  const { api, href } = useBook();
  const { route } = useLocation();
  const start = async () => {
    onError(null);
    try {
      const { id } = await api.makePreview(about);
      route(href(`/previews/${encodeURIComponent(id)}`));
    } catch (error) {
      onError(asApiError(error));
    }
  };
  return (
    <Button onClick={start} {...rest}>
      {children}
    </Button>
  );
}
