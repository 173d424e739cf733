/**
 * Many programs write `="0400 000 001"` so that Excel does not make a number of it. That is no CSV: the quotation marks
 * stand within a cell that does not begin with one. Without the sign they are a cell as any other.
 *
 * Gives a function that takes text as it comes, and the end as no text.
 */
export function unwrapFormulas(delimiter: string): (text?: string) => string {
  let quoted = false;
  let before = '\n';
  let held = '';

  return (text) => {
    if (text === undefined) return held;
    const all = held + text;
    // Its quotation mark may come with the next text.
    held = all.endsWith('=') ? '=' : '';
    const now = held === '' ? all : all.slice(0, -1);
    let out = '';
    let from = 0;
    for (const { 0: sign, index } of now.matchAll(/=?"/g)) {
      if (sign.length === 2 && !quoted && beginsCell(index === 0 ? before : now[index - 1])) {
        out += now.slice(from, index);
        from = index + 1;
      }
      quoted = !quoted;
    }
    before = now.at(-1) ?? before;
    return out + now.slice(from);
  };

  function beginsCell(sign: string | undefined): boolean {
    return sign === delimiter || sign === '\n' || sign === '\r';
  }
}
