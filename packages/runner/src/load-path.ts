import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ContactSyncError } from '@contact-sync/core';
import { resolve } from 'import-meta-resolve';
import { z } from 'zod';
import { cannotLoad } from './load-package.js';

type Wanted = {
  readonly path: string;
  /** As the person wrote it. */
  readonly shown: string;
  /** Empty, or begins with a slash. A file has everything in it. */
  readonly subpath: string;
};

/** A package in a folder of the user's, built and with its dependencies installed, or a file with a module. */
export async function loadPath({ path, shown, subpath }: Wanted): Promise<Record<string, unknown>> {
  const found = await stat(path).catch((error: unknown) => {
    throw missing(shown, error);
  });
  try {
    if (!found.isDirectory()) return await import(pathToFileURL(path).href);
    return await import(await entryOf(path, subpath));
  } catch (error) {
    throw cannotLoad(shown, error, 'Build it, if it must be built, and install what it needs.');
  }
}

const manifestSchema = z.object({
  name: z.string().optional(),
  exports: z.unknown().optional(),
  main: z.string().optional(),
});

/** The address of what a folder's package.json says is the package, or its `subpath`. */
async function entryOf(folder: string, subpath: string): Promise<string> {
  const manifestFile = join(folder, 'package.json');
  const manifest = manifestSchema.parse(JSON.parse(await readFile(manifestFile, 'utf8')));
  // Packages may import themselves by their name, by which `exports` is read as Node reads it.
  if (manifest.name !== undefined && manifest.exports !== undefined) {
    return resolve(manifest.name + subpath, pathToFileURL(manifestFile).href);
  }
  return pathToFileURL(join(folder, subpath === '' ? (manifest.main ?? 'index.js') : `.${subpath}.js`)).href;
}

function missing(shown: string, cause: unknown): ContactSyncError {
  return new ContactSyncError('connector_missing', `There is no connector at ${shown}.`, {
    hint: 'Give the folder of its package, or a file; a path is taken from the folder you are in.',
    cause,
  });
}
