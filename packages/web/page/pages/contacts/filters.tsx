import { typeNames } from '../../components/contact-words.js';
import { Toggle } from '../../components/toggle.js';
import type { Connection, Contact } from '../../lib/types.js';
import type { Filter } from './filter.js';

type Props = {
  readonly filter: Filter;
  readonly connections: readonly Connection[];
  readonly onChange: (change: Partial<Filter>) => void;
};

/** Which contacts are shown; each takes effect at once. */
export function Filters({ filter, connections, onChange }: Props) {
  const known = connections.map(({ source, title }) => ({ source, title }));
  const sources =
    filter.source === null || known.some(({ source }) => source === filter.source)
      ? known
      : [...known, { source: filter.source, title: filter.source }];
  const twice = (title: string) => known.filter((one) => one.title === title).length > 1;
  return (
    <fieldset class="filters">
      <legend class="unseen">Filter</legend>
      <select
        aria-label="Type"
        value={filter.type ?? ''}
        onChange={(event) => onChange({ type: (event.currentTarget.value || null) as Contact['recordType'] | null })}
      >
        <option value="">All types</option>
        {Object.entries(typeNames).map(([type, name]) => (
          <option key={type} value={type}>
            {name}
          </option>
        ))}
      </select>
      {sources.length === 0 ? null : (
        <select
          aria-label="Source"
          value={filter.source ?? ''}
          onChange={(event) => onChange({ source: event.currentTarget.value || null })}
        >
          <option value="">All sources</option>
          {sources.map(({ source, title }) => (
            <option key={source} value={source}>
              {twice(title) ? `${title} (${source})` : title}
            </option>
          ))}
        </select>
      )}
      <Toggle on={filter.forced} onPress={(forced) => onChange({ forced })}>
        Forced manual
      </Toggle>
      <Toggle on={filter.missing} onPress={(missing) => onChange({ missing })}>
        Missing
      </Toggle>
      {(['held', 'rejected'] as const).map((review) => (
        <Toggle key={review} on={filter.review === review} onPress={(on) => onChange({ review: on ? review : null })}>
          {review === 'held' ? 'Held' : 'Rejected'}
        </Toggle>
      ))}
    </fieldset>
  );
}
