import { type Reason, reasons } from '@contact-sync/core';
import { stringify } from 'csv-stringify/sync';
import { sentencesOf } from '../show/sentences.js';
import { toCell } from '../spreadsheet.js';
import { fieldOf, isOpen, type Report } from './report.js';

const columns = ['Record', 'Outcome', 'Reason', 'Field', 'What is wrong', 'What to do', 'Name', 'Email', 'Phone'];

/**
 * The records that were not imported, in the order of the run: one line for each fault of a record that was rejected, one
 * for a record that is held. UTF-8 with a byte order mark, so that Excel reads names right; lines end with CR LF. No cell
 * begins like a formula: one that does, a phone in E.164 for one, has an apostrophe in front, which spreadsheets hide.
 */
export function notImportedCsv({ decisions }: Report): string {
  const rows = decisions.filter(isOpen).flatMap(({ reason, externalId, faults, says, note }) => {
    const outcome = reasons[reason].action === 'hold' ? 'held' : 'rejected';
    const all: readonly Reason[] = faults.length === 0 ? [reason] : faults;
    return all.map((fault) => {
      const { sentence, hint = '' } = sentencesOf(fault);
      const wrong = note === null ? sentence : `${sentence} ${note}`;
      return [
        externalId ?? '',
        outcome,
        fault,
        fieldOf(fault) ?? '',
        wrong,
        hint,
        says?.name ?? '',
        says?.email ?? '',
        says?.phone ?? '',
      ];
    });
  });
  return stringify([columns, ...rows.map((row) => row.map(toCell))], { bom: true, record_delimiter: 'windows' });
}
