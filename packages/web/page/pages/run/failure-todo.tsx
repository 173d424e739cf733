import { useBook } from '../../lib/book.js';
import { connectionHref } from '../connections/incidents.js';

type Props = { readonly code: string; readonly source: string | null };

/** What can be done about a run that failed, by the code of its error. */
export function FailureTodo({ code, source }: Props) {
  const { href, administrator } = useBook();
  if (code === 'source_reconnect' || code === 'source_unauthorized') {
    return (
      <p>
        Somebody has to connect it again.{' '}
        {administrator && source !== null ? (
          <a href={`${connectionHref(href, source)}#again`}>Connect it again</a>
        ) : null}
      </p>
    );
  }
  return <p>{todo(code)}</p>;
}

function todo(code: string): string {
  if (code === 'source_forbidden') return 'Ask whoever looks after the system to allow access again.';
  if (code === 'source_rate_limited') return 'Nothing yet: it goes on when the limit allows. Other programs share it.';
  if (code === 'cancelled') return 'Nothing: it was ended before its end, and is done anew at the next sync.';
  if (code.startsWith('source_')) {
    return 'Most faults of a system go away by themselves, and the next sync tries again. If this one stays, ask whoever looks after the system.';
  }
  return 'The next sync tries again. If it stays so, look into the log of the service.';
}
