import type { Details as DetailsOf } from '@contact-sync/core';
import { markedParts } from '../show/marked.js';
import { Marked } from './marked.js';
import { Theirs } from './theirs.js';

type Props = {
  readonly details: DetailsOf;
  /** What they are compared with: what is different is marked. */
  readonly beside?: DetailsOf | null;
};

const fields = ['name', 'email', 'phone'] as const;

/** Name, email and phone of one side, beside those of another. */
export function Details({ details, beside = null }: Props) {
  return (
    <dl class="details">
      {fields.map((field) => {
        const value = details[field];
        const other = beside?.[field];
        return [
          <dt key={field}>{field}</dt>,
          <dd key={`${field} value`}>
            {value === null || value === '' ? (
              <span class="soft">–</span>
            ) : other === undefined || other === value ? (
              <Theirs text={value} />
            ) : (
              <Marked parts={markedParts(other ?? '', value).after} />
            )}
          </dd>,
        ];
      })}
    </dl>
  );
}
