import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A text that stands out and that every encoding writes in another way. */
export function canary(name: string): string {
  return `canary"${name}/+\\%&<9f3a>`;
}

/** The forms in which a secret could come out: as it is, and as base64, a URL, JSON or HTML write it. */
function formsOf(secret: string): readonly (string | Buffer)[] {
  const bytes = Buffer.from(secret, 'utf8');
  // In base64 a text looks in three ways, by where it begins; letters at its ends depend on what is around.
  const base64 = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const inner = text.slice(shift === 0 ? 0 : shift + 1, -2);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...base64,
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString().slice('secret='.length),
    json,
    JSON.stringify(json).slice(1, -1),
    bytes.toString('hex'),
    Buffer.from(secret, 'utf16le'),
  ];
}

/** Which forms of which secrets are in the text or the bytes. */
export function leaks(where: string | Buffer, secrets: Readonly<Record<string, string>>): string[] {
  const bytes = typeof where === 'string' ? Buffer.from(where, 'utf8') : where;
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).flatMap((form) => (bytes.includes(form) ? [`${name} as ${form.toString()}`] : [])),
  );
}

/** Every file of a folder with its bytes, those beside a database included; not what is installed there. */
export function filesOf(folder: string): { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}
