import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const svg = fileURLToPath(new URL('../../docs/performance.svg', import.meta.url));

/** The parts of docs/performance.md that commands write; everything else in it people write. */
export type Part = 'figures' | 'profiles';

export async function writePart(part: Part, text: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  const [begin, end] = [`<!-- ${part} -->`, `<!-- end of ${part} -->`];
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`docs/performance.md has no place for ${part}: ${begin} … ${end}`);
  await writeFile(file, `${before.slice(0, from)}${begin}\n\n${text.trim()}\n\n${before.slice(to)}`);
}

export async function writePicture(text: string): Promise<void> {
  await writeFile(svg, `${text}\n`);
}
