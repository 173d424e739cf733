import { printable } from '@contact-sync/runner/components';
import type { Run } from '../../lib/types.js';
import { outcomeWords } from './run-words.js';

/** Empty: all of them. */
export type Filter = { readonly outcome: Run['outcome'] | ''; readonly source: string };

export function shown(run: Run, { outcome, source }: Filter): boolean {
  return (outcome === '' || run.outcome === outcome) && (source === '' || run.source === source);
}

type Props = {
  readonly runs: readonly Run[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
};

const outcomes = Object.keys(outcomeWords) as Run['outcome'][];

/** What of the loaded runs is shown. */
export function RunFilters({ runs, filter, onChange }: Props) {
  const sources = [...new Set(runs.flatMap(({ source }) => (source === null ? [] : [source])))].sort();
  return (
    <fieldset class="filters">
      <legend class="unseen">What is shown</legend>
      <label class="field">
        <span>Outcome</span>
        <select
          value={filter.outcome}
          onChange={(event) =>
            onChange({ ...filter, outcome: outcomes.find((one) => one === event.currentTarget.value) ?? '' })
          }
        >
          <option value="">Every outcome</option>
          {outcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {outcomeWords[outcome]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Source</span>
        <select value={filter.source} onChange={(event) => onChange({ ...filter, source: event.currentTarget.value })}>
          <option value="">Every source</option>
          {sources.map((source) => (
            <option key={source} value={source}>
              {printable(source)}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
