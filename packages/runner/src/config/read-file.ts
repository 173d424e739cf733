import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ContactSyncError } from '@contact-sync/core';
import { printable } from '../show/printable.js';

/** What the file says, not looked at yet. A program is run for it. */
export async function readConfigFile(file: string, node: Node = process): Promise<unknown> {
  if (extname(file) === '.json') return await readJson(file);
  const typed = extname(file) === '.ts';
  if (typed && !node.features.typescript) throw noTypes(file, node.version);
  const loaded: Record<string, unknown> = await (typed ? importTyped(file) : importModule(file)).catch((error) => {
    throw unusable(file, problemOf(error), error);
  });
  if (loaded.default !== undefined) return loaded.default;
  throw unusable(file, 'it has no default export');
}

type Node = { readonly features: { readonly typescript?: unknown }; readonly version: string };

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    // What is wrong with it is told by its place alone: the parser quotes what stands there.
    const place = /\(line \d+ column \d+\)/.exec(error instanceof Error ? error.message : '')?.[0] ?? '';
    throw unusable(file, error instanceof SyntaxError ? `it is no JSON ${place}`.trim() : problemOf(error), error);
  }
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  return await import(pathToFileURL(file).href);
}

/** Node takes the types away. That the file is a module is known, whatever the package.json beside it says. */
async function importTyped(file: string): Promise<Record<string, unknown>> {
  const { href } = pathToFileURL(file);
  const hooks = registerHooks({
    load: (url, context, next) => next(url, url === href ? { ...context, format: 'module-typescript' } : context),
  });
  try {
    return await importModule(file);
  } finally {
    hooks.deregister();
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it throws something that is no error';
  const missing = /Cannot find package '([^']+)'/.exec(error.message)?.[1];
  if (missing !== undefined) return `it needs a package that is not installed: npm install ${missing}`;
  return printable(error.message.split('\n', 1)[0] ?? '').slice(0, 300);
}

function unusable(file: string, problem: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError('setting_invalid', `The configuration ${file} cannot be loaded: ${problem}.`, {
    hint: 'It is a module whose default export is the configuration, or JSON.',
    cause,
  });
}

function noTypes(file: string, version: string): ContactSyncError {
  return new ContactSyncError(
    'setting_invalid',
    `The configuration ${file} is TypeScript, which this Node cannot run.`,
    {
      hint: `Node ${version} is older than 22.18, or was told not to. Use a newer one, or name the file contact-sync.config.mjs and leave the types out.`,
    },
  );
}
