import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ContactSyncError } from '@contact-sync/core';
import { resolve } from 'import-meta-resolve';

type Wanted = {
  readonly name: string;
  /** Empty, or begins with a slash. */
  readonly subpath: string;
  /** The user's folder. */
  readonly cwd: string;
  /** What is missing where it is missing: `The connector "xpm"`. */
  readonly what: string;
};

/** A package that the user installed if they need it. */
export async function loadPackage({ name, subpath, cwd, what }: Wanted): Promise<Record<string, unknown>> {
  const specifier = name + subpath;
  try {
    return await import(specifier);
  } catch (error) {
    if (!isMissing(error, name)) throw cannotLoad(specifier, error);
  }
  // Package managers that keep packages apart hide the user's packages from us: look from the user's folder too.
  try {
    return await import(resolve(specifier, pathToFileURL(join(cwd, 'contact-sync.js')).href));
  } catch (error) {
    if (!isMissing(error, name)) throw cannotLoad(specifier, error);
    throw new ContactSyncError('connector_missing', `${what} is not installed.`, {
      hint: `Install it: npm install ${name}`,
      cause: error,
    });
  }
}

/** Whether the package itself is missing, and not something that it needs. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const codes = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
  return codes.includes(String(error.code)) && error.message.includes(name);
}

export function cannotLoad(specifier: string, cause: unknown, otherwise = 'Install it anew.'): ContactSyncError {
  const missing = cause instanceof Error ? /Cannot find package '([^']+)'/.exec(cause.message)?.[1] : undefined;
  return new ContactSyncError('connector_broken', `${specifier} cannot be loaded.`, {
    hint: missing === undefined ? otherwise : `It needs a package that is not installed: npm install ${missing}`,
    cause,
  });
}
