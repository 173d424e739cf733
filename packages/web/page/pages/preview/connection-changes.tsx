import type { ConnectionChange } from '@contact-sync/core';
import { Theirs } from '../../components/theirs.js';

type Props = { readonly changes: readonly ConnectionChange[]; readonly done?: boolean };

/** What a plan does to connections, or did. */
export function ConnectionChanges({ changes, done = false }: Props) {
  return (
    <>
      {changes.map((change) => {
        const source = (change.after ?? change.before)?.source ?? '';
        return (
          <p key={source}>
            The connection to{' '}
            <span class="code">
              <Theirs text={source} />
            </span>{' '}
            {done ? 'was' : 'is'} {becomes(change)}.
          </p>
        );
      })}
    </>
  );
}

function becomes({ before, after }: ConnectionChange): string {
  switch (after?.state) {
    case 'connected':
      return before === null ? 'made' : before.state === 'paused' ? 'resumed' : 'made again';
    case 'paused':
      return 'paused: it is not synced until an administrator resumes it';
    case 'disconnected':
      return 'ended';
    case undefined:
      return 'forgotten, since nothing is left that came from it';
  }
}
