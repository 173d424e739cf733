import { basename, extname } from 'node:path';
import { z } from 'zod';
import type { OpenFile } from './bytes.js';

const column = (what: string) =>
  z.string('must be text').regex(/\S/, 'must name a column').max(200, 'is too long').optional().describe(what);

const given = <T>(what: string) =>
  z.custom<T>((value) => value !== null && ['object', 'function'].includes(typeof value), `must be ${what}`).optional();

const settings = z.strictObject({
  file: z
    .string('must be text')
    .regex(/^[^\0]+$/, 'must be the path of a file, or - for standard input')
    .describe('The file, or - for standard input'),
  name: z
    .string('must be text')
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be letters a to z, digits, dots, hyphens and underscores, at most 64')
    .optional()
    .describe('What the list is called, the same in every run; the source is csv:NAME'),
  encoding: z
    .enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'], 'must be utf-8, utf-16le, utf-16be or windows-1252')
    .default('utf-8')
    .describe('How the text is encoded, where no byte order mark says it'),
  idColumn: column('The column with the id'),
  nameColumn: column('The column with the whole name'),
  firstNameColumn: column('The column with the first name'),
  lastNameColumn: column('The column with the last name'),
  emailColumn: column('The column with the email'),
  phoneColumn: column('The column with the phone'),
  open: given<OpenFile>('a function'),
  stdin: given<NodeJS.ReadableStream>('a stream'),
});

export const csvSettings = settings.transform((options, context) => {
  const name = options.name ?? nameFrom(options.file);
  if (name !== null) return { ...options, name };
  const why =
    options.file === '-'
      ? 'must be given with standard input'
      : 'must be given, since that of the file may be another next time';
  context.addIssue({
    code: 'custom',
    path: ['name'],
    message: `${why}; it tells whose records they are in every later run`,
  });
  return z.NEVER;
});

/**
 * `Clients of Harbour.csv` gives `clients-of-harbour`. A name with a digit in it gives none: it is most often that of a
 * day or of a copy, and under another name the same people would be made once more.
 */
function nameFrom(file: string): string | null {
  const stem = basename(file, extname(file)).toLowerCase();
  if (file === '-' || /\p{N}/u.test(stem)) return null;
  const name = stem.replace(/[^a-z._-]+/g, '-').replace(/^[._-]+|[._-]+$/g, '');
  return name === '' || name.length > 64 ? null : name;
}

/** Settings as they are given; what has a default may be left out. */
export type CsvSettings = z.input<typeof csvSettings>;
/** Settings once they are checked. */
export type CsvOptions = z.output<typeof csvSettings>;
