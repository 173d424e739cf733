import { expect, test } from 'vitest';
import { baseOf, isReadable, placeOf } from './place.js';

const several = ['Smith & Co', 'Zweigstelle Köln'];

test('with one book, no path names it; one that does is right too', () => {
  expect(placeOf('/contacts/7', ['main'])).toEqual({ book: 'main', base: '' });
  expect(placeOf('/b/main/contacts/7', ['main'])).toEqual({ book: 'main', base: '/b/main' });
  expect(baseOf('main', ['main'])).toBe('');
});

test('with several books, every path names one', () => {
  expect(placeOf('/b/Smith%20%26%20Co/sync', several)).toEqual({ book: 'Smith & Co', base: '/b/Smith%20%26%20Co' });
  expect(placeOf(`${baseOf('Zweigstelle Köln', several)}/sync`, several)?.book).toBe('Zweigstelle Köln');
  expect(placeOf('/sync', several)).toBeNull();
});

test('a book that is not there is none', () => {
  expect(placeOf('/b/other/sync', several)).toBeNull();
  expect(placeOf('/b/%E0%A4%A/sync', several)).toBeNull();
});

test('a path that was encoded wrongly can be told', () => {
  expect(isReadable('/contacts/a%20b')).toBe(true);
  expect(isReadable('/contacts/%E0')).toBe(false);
});
