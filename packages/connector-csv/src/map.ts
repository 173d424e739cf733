import { createHash } from 'node:crypto';
import { canonicalText, nameEmailKey, type RawRecord, type RowOutcome } from '@contact-sync/core';
import type { Columns } from './columns.js';

export type Row = {
  readonly cells: readonly string[];
  /** The line on which it begins, counted from 1. */
  readonly line: number;
};

/** What becomes of one row: exactly one of the three. */
export type Outcome = RowOutcome<'empty_row'>;

export function outcomeOf(row: Row, columns: Columns): Outcome {
  const cells = row.cells.map(cellText);
  if (cells.every(isBlank)) return { skipped: 'empty_row' };
  const { width, id, name, first, last, email, phones } = columns;

  // Which cell is whose is not known any more, so not even the id is.
  const over = cells.slice(width).some((cell) => !isBlank(cell));
  if (cells.length < width || over) {
    const problem = `it has ${cells.length} cells, and the first line has ${width}`;
    return { unreadable: { externalId: null, where: `line ${row.line}`, problem } };
  }

  const at = (column: number | null): string | null => (column === null ? null : (cells[column] ?? null)) || null;
  const phone = phones.find((column) => !isBlank(cells[column] ?? '')) ?? null;
  const rounded = [id, phone].find((column) => isRounded(at(column)));
  if (rounded !== undefined) {
    return {
      unreadable: {
        externalId: id === null || rounded === id ? null : (at(id) ?? ''),
        where: `line ${row.line}, column ${(rounded ?? 0) + 1}`,
        problem: `a spreadsheet made a rounded number of the ${rounded === id ? 'id' : 'phone'}, as in 6.14E+10`,
      },
    };
  }

  const person = {
    name: at(name)?.trim() ? at(name) : (namesOf(at(first), at(last)) ?? at(name)),
    email: at(email),
    phone: phoneText(at(phone)),
  };
  return { record: { externalId: id === null ? keyOf(person) : (at(id) ?? ''), ...person } };
}

/**
 * Who somebody is where no id says it: `ne-` and the first 32 hexadecimal digits of the SHA-256 of name, line feed and
 * email, both canonical and folded. So case and spaces do not matter, and another name or email is another person.
 * Blank for somebody with neither.
 */
function keyOf({ name, email }: Pick<RawRecord, 'name' | 'email'>): string {
  const details = { name: canonicalText(name ?? ''), email: canonicalText(email ?? '') };
  if (details.name === '' && details.email === '') return '';
  return `ne-${createHash('sha256').update(nameEmailKey(details)).digest('hex').slice(0, 32)}`;
}

/** `="0400 000 001"` is how programs keep Excel from making a number of it, and `'+61 …` from taking it for a formula. */
function cellText(cell: string): string {
  const wrapped = /^="(.*)"$/s.exec(cell)?.[1];
  if (wrapped !== undefined) return wrapped;
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** Before a number an apostrophe says that it is text; names may begin with one. */
function phoneText(phone: string | null): string | null {
  return phone !== null && /^'[\d(+]/.test(phone) ? phone.slice(1) : phone;
}

function namesOf(first: string | null, last: string | null): string | null {
  const names = [first, last].filter((name) => name !== null && !isBlank(name));
  return names.length === 0 ? null : names.join(' ');
}

/** How a spreadsheet writes a number of twelve digits and more. The digits that it left out are lost. */
function isRounded(cell: string | null): boolean {
  return cell !== null && /^\s*[+-]?\d(?:[.,]\d+)?E\+\d{2,3}\s*$/i.test(cell);
}

function isBlank(cell: string): boolean {
  return cell.trim() === '';
}
