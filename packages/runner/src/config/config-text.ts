import type { Config } from './config.js';

export const configFormats = ['ts', 'mjs', 'js', 'json'] as const;
export type ConfigFormat = (typeof configFormats)[number];

/** What `init` writes. `helped`: whether the runner is installed where the file will be, so that it can import it. */
export function configText(config: Config, format: ConfigFormat, helped: boolean): string {
  if (format === 'json') return `${JSON.stringify(config, null, 2)}\n`;
  const notes: Partial<Record<keyof Config, string>> = {
    store: 'Where the contact book is: a path from this folder.',
    key: 'What stored secrets are encrypted with. Secrets themselves are stored by: contact-sync connect',
    policy: 'Where phone numbers without a country code are.',
    keepDays: 'For how many days the history keeps what runs changed.',
    alerts: 'Who is told when something needs a person. The mail server comes from CONTACT_SYNC_SMTP.',
  };
  const lines = Object.entries(config).map(
    ([name, value]) => `  // ${notes[name as keyof Config] ?? ''}\n  ${name}: ${literal(value)},\n`,
  );
  const body = `{\n${lines.join('')}}`;
  if (!helped) return `export default ${body};\n`;
  return `import { defineConfig } from '@contact-sync/runner';\n\nexport default defineConfig(${body});\n`;
}

/** As people write it: quotes only where they must be. */
function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, one]) => `${name}: ${literal(one)}`)
    .join(', ')} }`;
}

function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}
