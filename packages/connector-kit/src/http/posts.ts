import { isDeepStrictEqual } from 'node:util';
import { ContactSyncError } from '@contact-sync/core';
import type { PostRead } from './types.js';

/**
 * The text to send, if this address and this body are one of the requests that may be sent. A system that reads by POST
 * usually writes by POST too, at the same address, so the body decides.
 *
 * @throws ContactSyncError `internal`: connectors make these requests, so one that is not listed is their fault
 */
export function allowedBody(url: URL, json: unknown, posts: readonly PostRead[]): string {
  const text = textOf(json);
  // With its query and fragment, which no entry has.
  const entries = posts.filter((post) => post.url === url.href);
  if (text === null || !entries.some(({ body }) => isExactly(JSON.parse(text), body))) {
    throw new ContactSyncError(
      'internal',
      `POST ${url.origin}${url.pathname} is not among the reads this connector may ask for, so it was not sent.`,
      { hint: 'Nothing was written. Please report this to the author of the connector.' },
    );
  }
  return text;
}

/** Null for what has no JSON form. Objects may say what theirs is, so only the text counts from here on. */
function textOf(json: unknown): string | null {
  try {
    return JSON.stringify(json) ?? null;
  } catch {
    // A loop, or a number that is too big; its error might quote the value.
    return null;
  }
}

/** A schema may drop or mend what it does not know: then it would be one thing that was checked, and another sent. */
function isExactly(body: unknown, schema: PostRead['body']): boolean {
  const { success, data } = schema.safeParse(body);
  return success && isDeepStrictEqual(data, body);
}
