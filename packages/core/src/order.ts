/** By code point, which UTF-16 order is not beyond U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    // A surrogate stands for a code point above all others: it comes after every unit that is not one.
    const high = isSurrogate(x);
    return high === isSurrogate(y) ? x - y : high ? 1 : -1;
  }
  return a.length - b.length;
}

/** Ids that are all digits come first and compare as numbers, of any length; the others follow by code point. */
export function compareContactIds(a: string, b: string): number {
  const digits = isDecimal(a);
  if (digits !== isDecimal(b)) return digits ? -1 : 1;
  return (digits && compareDecimals(a, b)) || compareCodePoints(a, b);
}

/** Numbers too long for a JavaScript number: the longer one is greater, once zeros in front are gone. */
function compareDecimals(a: string, b: string): number {
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  return x.length - y.length || compareCodePoints(x, y);
}

export function isDecimal(text: string): boolean {
  return /^[0-9]+$/.test(text);
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
