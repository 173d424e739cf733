/** The name of a setting for people: `tenantId` is `Tenant id`. */
export function nameWords(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Texts without those that are empty or only blanks. */
export function filled(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])),
  );
}

/** What changed in texts: new ones, and the names of those that were emptied. */
export function changesOf(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): { readonly set: Record<string, string>; readonly unset: string[] } {
  const now = filled(after);
  return {
    set: Object.fromEntries(Object.entries(now).filter(([name, text]) => before[name] !== text)),
    unset: Object.keys(before).filter((name) => name in after && !(name in now)),
  };
}
