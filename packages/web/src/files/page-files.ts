import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { getMimeType } from 'hono/utils/mime';
import { hashOf } from '../security/sessions.js';

const encodings = ['br', 'gzip'] as const;
type Encoding = (typeof encodings)[number];

export type PageFile = {
  readonly type: string;
  readonly etag: string;
  /** Its name changes with what is in it, so whoever has it need never ask again. */
  readonly immutable: boolean;
  body(accepts: string): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly encoding: Encoding | null }>;
};

/** The built files of the page by their path, with a slash before. Nothing else can be asked for. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** Reads them all: they are few and small. Empty where the page was not built. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const files = new Map<string, PageFile>();
  for (const entry of entries.filter((one) => one.isFile() && !one.name.endsWith('.map'))) {
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    files.set(path, pageFile(path, new Uint8Array(await readFile(file))));
  }
  return files;
}

const compressors: Record<Encoding, (bytes: Uint8Array) => Promise<Uint8Array>> = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

function pageFile(path: string, bytes: Uint8Array<ArrayBuffer>): PageFile {
  const type = getMimeType(path) ?? 'application/octet-stream';
  // Pictures and fonts are compressed already.
  const compressible = /^(text\/|application\/(javascript|json|manifest\+json)|image\/svg)/.test(type);
  const made = new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>();

  function compressed(encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
    const known = made.get(encoding);
    if (known !== undefined) return known;
    const making = compressors[encoding](bytes).then((small) => new Uint8Array(small));
    made.set(encoding, making);
    return making;
  }

  return {
    type,
    etag: `"${hashOf(Buffer.from(bytes).toString('base64')).slice(0, 22)}"`,
    immutable: path.startsWith('/assets/'),
    async body(accepts) {
      const offered = accepts.split(',').map((one) => one.trim().split(';'));
      const takes = (name: string) => offered.some(([its, q]) => its === name && !/^\s*q=0(\.0*)?\s*$/.test(q ?? ''));
      const encoding = compressible && bytes.length > 500 ? encodings.find(takes) : undefined;
      if (encoding === undefined) return { bytes, encoding: null };
      return { bytes: await compressed(encoding), encoding };
    },
  };
}
