import type { Firm, FirmFilter } from '../../lib/types.js';
import { stateNames } from './words.js';

/** Which connections are shown, as the address of the page holds it. */
export type Filter = {
  readonly text: string;
  readonly state: Firm['state'] | null;
  readonly code: string | null;
  readonly behind: boolean;
};

export const noFilter: Filter = { text: '', state: null, code: null, behind: false };

/** From the address; what it holds besides or wrongly is passed over. */
export function filterOf(query: Readonly<Record<string, string>>): Filter {
  const { text = '', state, code, behind } = query;
  return {
    text,
    state: stateNames.find((one) => one === state) ?? null,
    code: code === undefined || code === '' ? null : code,
    behind: behind === 'yes',
  };
}

/** For the address: `?text=smith&behind=yes`, empty where nothing is filtered. */
export function addressOf({ text, state, code, behind }: Filter): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ text, state, code, behind: behind && 'yes' })) {
    if (typeof value === 'string' && value !== '') params.set(name, value);
  }
  return params.size === 0 ? '' : `?${params}`;
}

/** For the API, as JSON; in an address `behind` is a word. */
export function toAsk({ text, state, code, behind }: Filter): FirmFilter {
  return {
    ...(text.trim() === '' ? {} : { text }),
    ...(state === null ? {} : { state }),
    ...(code === null ? {} : { code }),
    ...(behind ? { behind } : {}),
  };
}
