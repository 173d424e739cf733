import { Toggle } from '../../components/toggle.js';
import type { Firm, Fleet } from '../../lib/types.js';
import type { Filter } from './filter.js';
import { stateNames, states } from './words.js';

type Props = {
  readonly filter: Filter;
  readonly codes: Fleet['codes'];
  readonly onChange: (change: Partial<Filter>) => void;
};

/** Which connections are shown; each takes effect at once. */
export function Filters({ filter, codes, onChange }: Props) {
  const known = codes.map(({ code }) => code);
  const all = filter.code === null || known.includes(filter.code) ? known : [...known, filter.code];
  return (
    <fieldset class="filters">
      <legend class="unseen">Filter</legend>
      <select
        aria-label="State"
        value={filter.state ?? ''}
        onChange={(event) => onChange({ state: (event.currentTarget.value || null) as Firm['state'] | null })}
      >
        <option value="">All states</option>
        {stateNames.map((state) => (
          <option key={state} value={state}>
            {states[state].name}
          </option>
        ))}
      </select>
      {all.length === 0 ? null : (
        <select
          aria-label="Error"
          value={filter.code ?? ''}
          onChange={(event) => onChange({ code: event.currentTarget.value || null })}
        >
          <option value="">With and without errors</option>
          {all.map((code) => (
            <option key={code} value={code}>
              {code}
            </option>
          ))}
        </select>
      )}
      <Toggle on={filter.behind} onPress={(behind) => onChange({ behind })}>
        Behind schedule
      </Toggle>
    </fieldset>
  );
}
