import type { z } from 'zod';
import { unreadable } from './http/failure.js';
import type { HttpAnswer } from './http/types.js';

/**
 * Reads an answer to its end as JSON in UTF-8, and checks it. A whole number beyond ±(2^53 − 1) has lost its last
 * digits by then, so ids that are numbers are best checked with `z.int()`.
 *
 * @throws ContactSyncError `source_unreadable` if the body is empty, a web page, in another charset, not JSON, cut off,
 *   or does not fit the schema: then with the place of the first fault, as in `results[3].id`, and never a value. Also
 *   what `HttpAnswer.text` throws.
 */
export async function readJson<T>(answer: HttpAnswer, schema: z.ZodType<T>): Promise<T> {
  const text = await answer.text();
  const result = schema.safeParse(parsed(text, answer.request), { reportInput: true });
  if (result.success) return result.data;
  throw unreadable(answer.request, faultOf(result.error.issues[0]));
}

function parsed(text: string, request: string): unknown {
  if (text.trim() === '') throw unreadable(request, 'it is empty');
  // Sign-in pages and proxies answer so, often with status 200.
  if (text.trimStart().startsWith('<')) throw unreadable(request, 'it is a web page or XML, and not JSON');
  try {
    return JSON.parse(text);
  } catch {
    // Not as its cause: the parser's error quotes the body.
    throw unreadable(request, 'it is not JSON, or only the beginning of it');
  }
}

function faultOf(issue: z.core.$ZodIssue | undefined): string {
  const place = placeOf(issue?.path ?? []);
  const at = place === '' ? 'it' : place;
  if (issue?.code === 'invalid_type' && issue.input === undefined) return `${at} is missing`;
  if (issue?.code === 'invalid_type') return `${at} is not ${issue.expected}`;
  return `${at} is not as expected (${issue?.code ?? 'unknown'})`;
}

/** `results[3].id`. Names of fields are shown; a key that is no name may be somebody's. */
function placeOf(path: readonly PropertyKey[]): string {
  let place = '';
  for (const key of path) {
    if (typeof key === 'number') place += `[${key}]`;
    else place += `${place === '' ? '' : '.'}${/^[a-z_]\w{0,39}$/i.test(String(key)) ? String(key) : '?'}`;
  }
  return place;
}
