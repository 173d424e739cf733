/*
 * A spreadsheet takes a cell that begins like a formula for one: whoever can put a name into the source could run something
 * on the machine of whoever opens the file. An apostrophe in front makes it text. A phone in E.164 begins so too, so
 * reading takes the apostrophe off again. One that was there already gets a second one.
 */
const formula = /^'*[=+\-@\t\r]/;

/** A cell that a spreadsheet shows as it is and does not calculate. */
export function toCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text that `toCell` made the cell from. */
export function fromCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}
