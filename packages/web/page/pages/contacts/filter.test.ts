import { expect, test } from 'vitest';
import { addressOf, type Filter, filterOf, noFilter, toAsk } from './filter.js';

const all: Filter = {
  text: 'ann & bo',
  type: 'contact-sync',
  source: 'xpm:t 1',
  forced: true,
  missing: true,
  review: 'held',
};

test('the address holds the filter, and nothing of none', () => {
  expect(addressOf(noFilter)).toBe('');
  expect(addressOf(all)).toBe('?text=ann+%26+bo&type=contact-sync&source=xpm%3At+1&forced=yes&missing=yes&review=held');
  expect(filterOf(Object.fromEntries(new URLSearchParams(addressOf(all))))).toEqual(all);
});

test('an address that somebody wrote wrongly filters nothing', () => {
  expect(filterOf({ type: 'all', source: '', forced: 'no', missing: '1', review: 'open', more: 'x' })).toEqual(
    noFilter,
  );
});

test('the API is asked only for what is filtered', () => {
  expect(toAsk({ ...noFilter, text: ' ' })).toEqual({});
  expect(toAsk(all)).toEqual({
    text: 'ann & bo',
    recordType: 'contact-sync',
    source: 'xpm:t 1',
    forcedManual: 'true',
    missing: 'true',
    review: 'held',
  });
});
