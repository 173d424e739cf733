import type { Contact, ContactFilter } from '../../lib/types.js';

/** What of the contacts is shown, as the address of the page holds it. */
export type Filter = {
  readonly text: string;
  readonly type: Contact['recordType'] | null;
  readonly source: string | null;
  readonly forced: boolean;
  readonly missing: boolean;
  readonly review: 'held' | 'rejected' | null;
};

export const noFilter: Filter = { text: '', type: null, source: null, forced: false, missing: false, review: null };

const types: readonly string[] = ['manual', 'contact-sync', 'external'] satisfies Contact['recordType'][];

/** From the address; what it holds besides or wrongly is passed over. */
export function filterOf(query: Readonly<Record<string, string>>): Filter {
  const { text = '', type, source, forced, missing, review } = query;
  return {
    text,
    type: type !== undefined && isType(type) ? type : null,
    source: source === undefined || source === '' ? null : source,
    forced: forced === 'yes',
    missing: missing === 'yes',
    review: review === 'held' || review === 'rejected' ? review : null,
  };
}

function isType(text: string): text is Contact['recordType'] {
  return types.includes(text);
}

/** For the address: `?text=ann&missing=yes`, empty where nothing is filtered. */
export function addressOf({ text, type, source, forced, missing, review }: Filter): string {
  const params = new URLSearchParams();
  const given = { text, type, source, forced: forced && 'yes', missing: missing && 'yes', review };
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string' && value !== '') params.set(name, value);
  }
  return params.size === 0 ? '' : `?${params}`;
}

/** For the API. */
export function toAsk({ text, type, source, forced, missing, review }: Filter): ContactFilter {
  return {
    ...(text.trim() === '' ? {} : { text }),
    ...(type === null ? {} : { recordType: type }),
    ...(source === null ? {} : { source }),
    ...(forced ? { forcedManual: 'true' as const } : {}),
    ...(missing ? { missing: 'true' as const } : {}),
    ...(review === null ? {} : { review }),
  };
}
