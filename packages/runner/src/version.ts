import { createRequire } from 'node:module';

/** The version of this package, for people and scripts. */
export function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('The package.json of contact-sync has no version: install it anew.');
}
