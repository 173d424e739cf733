/** Characters that show nothing or move what is shown; emoji that are made of several with joiners between are none. */
const invisible = /\p{RGI_Emoji}|[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gv;

/** Quick, and true of all texts but few: nothing in them has to be told from an emoji. */
const allSeen = /^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u;

/** Text of others, safe to be shown: control characters, directions and other invisible ones are spelled out. */
export function printable(text: string): string {
  if (allSeen.test(text)) return text;
  return text.replace(invisible, (found) =>
    /^\p{Emoji}/u.test(found) ? found : `\\u{${found.codePointAt(0)?.toString(16)}}`,
  );
}
