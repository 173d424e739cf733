import { expect, test } from 'vitest';
import { keepable } from './keepable.js';

test('a file is kept by its whole path, and nothing else is changed', () => {
  expect(keepable({ file: 'clients.csv', name: 'a/b' }, '/srv/firm')).toEqual({
    file: '/srv/firm/clients.csv',
    name: 'a/b',
  });
  expect(keepable({ file: '/data/x.csv' }, '/srv/firm')).toEqual({ file: '/data/x.csv' });
  expect(keepable({ tenantId: '1' }, '/srv/firm')).toEqual({ tenantId: '1' });
});

test('standard input cannot be kept', () => {
  expect(() => keepable({ file: '-' }, '/srv')).toThrow(expect.objectContaining({ code: 'setting_invalid' }));
});
