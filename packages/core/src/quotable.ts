const most = 200;

/** Text of a vendor or a file as it may stand in a message: one line, without control characters, at most 200 of them. */
export function quotable(text: string): string {
  const characters = Array.from(
    text
      .slice(0, 5 * most)
      .replace(/[\p{C}\p{Z}]+/gu, ' ')
      .trim(),
  );
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('');
}
