import { ContactSyncError, type PolicyInput, policySchema } from '@contact-sync/core';
import { z } from 'zod';
import { parseSchedule } from '../serve/schedule.js';
import { alertVariables, type Config } from './config.js';

const word = (error: string) => z.string(error).regex(/\S/, error);
const anObject = (what: string) => ({ error: `must be an object: ${what}` });
const address = z.email('must be an email address, as in it@firm.example');
const whole = 'must be a whole number of days, 1 or more';

/** Only checked: with the defaults filled in, the policy of a book would hide what is said for all. */
const policy = z.custom<PolicyInput>().check(({ value, issues }) => {
  for (const { path, message, ...issue } of policySchema.safeParse(value).error?.issues ?? []) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [key, 'is no policy'] as const) : [];
    const faults = keys.length > 0 ? keys : [[null, path.length === 0 ? 'must be an object' : message] as const];
    for (const [key, says] of faults) {
      issues.push({ code: 'custom', input: value, path: key === null ? path : [...path, key], message: says });
    }
  }
});

const schedule = z.string('must be text: hourly, or a cron expression').check(({ value, issues }) => {
  try {
    parseSchedule(value);
  } catch (error) {
    const problem = ContactSyncError.is(error) ? error.message.replace(/^.* is no schedule: (.*)\.$/s, '$1') : '';
    issues.push({ code: 'custom', input: value, message: `is no schedule: ${problem}` });
  }
});

const list = (what: string) => z.array(word(`must be ${what}`), `must be a list of ${what}`).optional();
const header = z
  .string('must be the name of a header')
  .regex(/^[\w-]+$/, 'must be the name of a header')
  .optional();

const web = z.strictObject(
  {
    enabled: z.boolean('must be true or false').optional(),
    behindProxy: z
      .strictObject(
        {
          url: z
            .url({ protocol: /^https?$/, error: 'must be the address people open: https://contacts.firm.example' })
            .regex(/^https?:\/\/[^/?#@]+$/, 'must end after the name: https://contacts.firm.example'),
          addresses: list('addresses'),
          userHeader: header,
          roleHeader: header,
          administrators: list('groups'),
          viewers: list('groups'),
        },
        anObject("{ url: 'https://contacts.firm.example' }"),
      )
      .optional(),
  },
  anObject('enabled, behindProxy'),
);

const ofBook = {
  policy: policy.optional(),
  keepDays: z.int(whole).min(1, whole).optional(),
  schedule: schedule.optional(),
};

/** Strict: a setting that nobody knows is a slip of the fingers. */
export const configSchema = z.strictObject(
  {
    store: z
      .string('must be text')
      .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/s, 'must be sqlite:FILE or postgres://user@host/database')
      .optional(),
    book: word('must be the name of a book').optional(),
    key: z
      .union([z.strictObject({ file: word('') }), z.strictObject({ command: word('') })], {
        error: "must be { file: 'contact-sync.key' } or { command: 'pass show contact-sync' }",
      })
      .optional(),
    ...ofBook,
    alerts: z
      .strictObject(
        {
          email: z
            .strictObject(
              {
                to: z.preprocess(
                  (value) => (typeof value === 'string' ? [value] : value),
                  z.array(address, 'must be an email address, or a list of them').min(1, 'names nobody'),
                ),
                from: word('must be an email address').optional(),
              },
              anObject("{ to: 'it@firm.example' }"),
            )
            .optional(),
          webhook: z
            .union([z.literal(true), z.url({ protocol: /^https?$/ })], {
              error: `must be an address (https://…), or true for the one in ${alertVariables.webhook}`,
            })
            .optional(),
          slack: z.literal(true, `must be true: its address is a secret, in ${alertVariables.slack}`).optional(),
          rejectedShare: z.number('must be a number from 0 to 1').min(0).max(1).optional(),
        },
        anObject('email, webhook, slack, rejectedShare'),
      )
      .optional(),
    web: web.optional(),
    books: z
      .record(z.string(), z.strictObject(ofBook, anObject('policy, keepDays, schedule')), anObject('books by name'))
      .optional(),
  },
  anObject('store, book, policy, …'),
) satisfies z.ZodType<Config>;
