import { expect, test } from 'vitest';
import { choiceOf, scheduleOf, scheduleWords } from './schedule.js';

test.each([
  ['hourly', { every: 'hour' }, 'hourly', 'Every hour'],
  [
    '30 7 * * 1-5 Australia/Sydney',
    { every: 'weekday', time: '07:30', timeZone: 'Australia/Sydney' },
    '30 7 * * 1-5 Australia/Sydney',
    'Monday to Friday at 07:30 (Australia/Sydney)',
  ],
  ['5 0 * * *', { every: 'day', time: '00:05', timeZone: 'UTC' }, '5 0 * * * UTC', 'Every day at 00:05 (UTC)'],
  [
    '0 */6 * * * Pacific/Auckland',
    { every: 'cron', expression: '0 */6 * * *', timeZone: 'Pacific/Auckland' },
    '0 */6 * * * Pacific/Auckland',
    'By the cron expression 0 */6 * * * (Pacific/Auckland)',
  ],
  [
    '75 7 * * 1-5 UTC',
    { every: 'cron', expression: '75 7 * * 1-5', timeZone: 'UTC' },
    '75 7 * * 1-5 UTC',
    'By the cron expression 75 7 * * 1-5 (UTC)',
  ],
])('%s', (stored, choice, again, words) => {
  expect(choiceOf(stored)).toEqual(choice);
  expect(scheduleOf(choiceOf(stored))).toBe(again);
  expect(scheduleWords(stored)).toBe(words);
});
