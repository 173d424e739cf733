import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import type { RunDetail } from '../../lib/types.js';
import { shortHash } from '../preview/approve.js';

/** Who did it, when and why; and the run that it approved, or that approved it. */
export function RunFacts({ detail }: { readonly detail: RunDetail }) {
  const { run, approvedBy } = detail;
  const { at, actor, why, source, approves, hash, base, version } = run;
  return (
    <dl class="details">
      <dt>When</dt>
      <dd>
        <Time at={at} />
      </dd>
      <dt>Who</dt>
      <dd>
        <Theirs text={actor} />
        {why === null ? null : (
          <>
            : “<Theirs text={why} />”
          </>
        )}
      </dd>
      {source === null ? null : (
        <>
          <dt>Source</dt>
          <dd class="code">
            <Theirs text={source} />
          </dd>
        </>
      )}
      {approves === null ? null : (
        <>
          <dt>Approves</dt>
          <dd>
            the plan of <RunLink id={approves} />, which a guard had stopped
          </dd>
        </>
      )}
      {approvedBy === null ? null : (
        <>
          <dt>Approved</dt>
          <dd>
            with <RunLink id={approvedBy} />
          </dd>
        </>
      )}
      <dt>Plan</dt>
      <dd>
        <span class="code">{shortHash(hash)}</span>{' '}
        <span class="soft">
          {base === version ? `the book stayed at version ${base}` : `the book went from version ${base} to ${version}`}
        </span>
      </dd>
    </dl>
  );
}

function RunLink({ id }: { readonly id: string }) {
  const { href } = useBook();
  return (
    <a href={href(`/history/${encodeURIComponent(id)}`)}>
      run <Theirs text={id} />
    </a>
  );
}
