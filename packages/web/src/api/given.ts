import type { Signed } from '@contact-sync/runner/host';
import type { Session } from '../security/sessions.js';

/** The history names the person who is signed in, whatever a request says. */
export function signed({ user }: Session, { why }: { readonly why: string | null }): Signed {
  return { actor: user, why: why === '' ? null : why };
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without what was not said. */
export function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
