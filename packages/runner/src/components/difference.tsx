import type { Difference as Row } from '@contact-sync/core';
import { markedParts, type Part } from '../show/marked.js';
import { Marked } from './marked.js';
import { Theirs } from './theirs.js';

/** Fields with their old and new value side by side, the parts that differ marked. */
export function Difference({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <dl class="difference">
      {rows.map(({ field, before, after }) => {
        if (before === after) return [<dt key={field}>{field}</dt>, <Same key={`${field} same`} value={before} />];
        const parts = before === null || after === null ? null : markedParts(before, after);
        return [
          <dt key={field}>{field}</dt>,
          <Side key={`${field} old`} kind="old" value={before} parts={parts?.before} />,
          <Side key={`${field} new`} kind="new" value={after} parts={parts?.after} />,
        ];
      })}
    </dl>
  );
}

/** Of two sides that say the same, neither is the old one. */
function Same({ value }: { readonly value: string | null }) {
  return <dd class="same">{value === null || value === '' ? <span class="soft">–</span> : <Theirs text={value} />}</dd>;
}

type SideProps = {
  readonly kind: 'old' | 'new';
  readonly value: string | null;
  readonly parts: readonly Part[] | undefined;
};

function Side({ kind, value, parts }: SideProps) {
  if (value === null || value === '') {
    return (
      <dd>
        <span class="soft">–</span>
      </dd>
    );
  }
  return <dd class={kind}>{parts === undefined ? <Theirs text={value} /> : <Marked parts={parts} />}</dd>;
}
