import { expect, test } from 'vitest';
import type { Firm } from '../../lib/types.js';
import { chosenWith, countOf, nothing } from './choice.js';
import { addressOf, filterOf, noFilter, toAsk } from './filter.js';
import { meant, spell, took } from './words.js';

const firm = (book: string, source = 'xpm:1', state: Firm['state'] = 'well') => ({ book, source, state }) as Firm;

test('firms are selected one by one, and taken out again', () => {
  const one = chosenWith(nothing, '?text=a', firm('a'), true);
  const two = chosenWith(one, '?text=a', firm('a', 'fyi:1', 'paused'), true);
  expect(countOf([...two.firms.values()])).toEqual({ connections: 2, books: 1, paused: 1 });
  expect([...chosenWith(two, '?text=a', firm('a'), false).firms.values()]).toEqual([firm('a', 'fyi:1', 'paused')]);
  expect(chosenWith(one, '?text=a', firm('a'), false)).toBe(nothing);
  // Nobody sees all that a filter finds, so none of them is taken out alone.
  expect(chosenWith({ address: '', all: true, firms: new Map() }, '', firm('a'), false)).toBe(nothing);
});

test('an order is for those that it changes', () => {
  const count = { connections: 10, books: 9, paused: 3 };
  expect(meant('pause', count)).toEqual({ n: 7, not: 3 });
  expect(meant('retry', count)).toEqual({ n: 7, not: 3 });
  expect(meant('resume', count)).toEqual({ n: 3, not: 7 });
});

test('what is filtered stands in the address', () => {
  const filter = { text: 'a & b', state: 'held', code: 'locked', behind: true } as const;
  expect(addressOf(filter)).toBe('?text=a+%26+b&state=held&code=locked&behind=yes');
  expect(filterOf({ text: 'a & b', state: 'held', code: 'locked', behind: 'yes' })).toEqual(filter);
  expect(toAsk(filter)).toEqual(filter);
  expect([addressOf(noFilter), toAsk({ ...noFilter, text: ' ' })]).toEqual(['', {}]);
  expect(filterOf({ state: 'unheard of', code: '', behind: 'true' })).toEqual(noFilter);
});

test.each([
  [0, '0 s'],
  [89, '89 s'],
  [90, '2 min'],
  [5399, '90 min'],
  [5400, '1.5 h'],
  [172_799, '48.0 h'],
  [172_800, '2 days'],
])('%i seconds are %s', (seconds, text) => {
  expect(spell(seconds)).toBe(text);
});

test('what took milliseconds is told in tenths of a second', () => {
  expect([took(40), took(89_940), took(90_000)]).toEqual(['0.0 s', '89.9 s', '2 min']);
});
