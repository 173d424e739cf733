/** All that an error says or carries along, its causes too: what a log of any kind could print of it. */
export function wordsOf(error: unknown): string {
  const words: string[] = [];
  const seen = new Set<unknown>();
  gather(error, words, seen, 0);
  try {
    words.push(JSON.stringify(error) ?? '');
  } catch {
    // It has no JSON form that could show anything.
  }
  return words.join('\n');
}

function gather(value: unknown, words: string[], seen: Set<unknown>, depth: number): void {
  if (typeof value === 'string') words.push(value);
  if (value instanceof Uint8Array) words.push(new TextDecoder().decode(value));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  // Deep enough for any log; an error may hold a whole connection.
  if (depth > 8 || seen.has(value) || seen.size > 10_000) return;
  seen.add(value);
  if (value instanceof Error) words.push(value.message, value.stack ?? '');
  if (value instanceof Map || value instanceof Set || value instanceof Headers) {
    for (const entry of value) gather(entry, words, seen, depth + 1);
  }
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === 'string') words.push(key);
    gather(Object.getOwnPropertyDescriptor(value, key)?.value, words, seen, depth + 1);
  }
}

/** The first form in which a text shows through: as it is, or as encodings make it. Null if none does. */
export function formFound(text: string, words: string): string | null {
  for (const [form, shapes] of Object.entries(formsOf(text))) {
    if (shapes.some((shape) => words.includes(shape))) return form;
  }
  return null;
}

function formsOf(text: string): Record<string, string[]> {
  const base64 = [0, 1, 2].map((before) => base64Within(text, before));
  return {
    plain: [text],
    'URL-encoded': [encodeURIComponent(text), new URLSearchParams({ '': text }).toString().slice(1)],
    'JSON-escaped': [JSON.stringify(text).slice(1, -1), JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/')],
    base64: [...base64, ...base64.map((shape) => shape.replaceAll('+', '-').replaceAll('/', '_'))],
  };
}

/** The part of a base64 text that a secret alone decides, if `before` bytes, modulo 3, stand before it. */
function base64Within(text: string, before: number): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  const whole = Math.floor((before + bytes.length) / 3) * 4;
  const from = [0, 2, 3][before];
  return btoa('x'.repeat(before) + bytes).slice(from, whole);
}
