import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { type ContactStore, planToNdjson } from '@contact-sync/core';
import type { SyncResult } from '@contact-sync/runner';
import { notImportedCsv } from '../../../packages/runner/src/reports/csv.js';
import { reportToLines } from '../../../packages/runner/src/reports/ndjson.js';
import { reportToPage } from '../../../packages/runner/src/reports/page.js';

/** What may never come out of a run, wherever a system says it: in rows, in error pages, in headers. */
export const canaries = {
  secret: 'canary+7f3a/9c="Q',
  freshSecret: 'canary+fresh/41="Z',
  refreshToken: 'canary+refresh/52="Y',
  taxNumber: '876543210',
  born: '1987-11-23',
} as const;

const shapes = Object.entries(canaries).flatMap(([what, text]) =>
  shapesOf(text).map((shape) => [what, shape] as const),
);

/** As it is, and as URLs, JSON and base64 have it, the last wherever it may stand in a longer text. */
function shapesOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const base64 = [0, 1, 2].map((before) => {
    const whole = Math.floor((before + text.length) / 3) * 4;
    return btoa('x'.repeat(before) + text).slice([0, 2, 3][before], whole);
  });
  const url = [encodeURIComponent(text), new URLSearchParams({ '': text }).toString().slice(1)];
  const safe = base64.map((shape) => shape.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([text, json, json.replaceAll('/', '\\/'), ...url, ...base64, ...safe])];
}

/** Fails, and names where, if a canary is in these words. */
export function checkWords(words: string, where: string): void {
  for (const [what, shape] of shapes) {
    if (words.includes(shape)) throw new Error(`The ${what} is in ${where}, as ${shape}`);
  }
}

/** Error, with its causes, as any log would print it. */
export function checkError(error: unknown): void {
  const stack = error instanceof Error ? error.stack : '';
  checkWords([inspect(error, { depth: 12, showHidden: true }), JSON.stringify(error), stack].join('\n'), 'the error');
}

/** The database as it lies on the disk, its log beside it. */
export function checkFiles(file: string): void {
  for (const part of ['', '-wal', '-shm']) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(`${file}${part}`);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      throw error;
    }
    checkWords(bytes.toString('latin1'), `the file${part}`);
    checkWords(bytes.toString('utf16le'), `the file${part}`);
  }
}

/** The plan that was made, and every report of it and of the last run. */
export async function checkResult(result: SyncResult | null, store: ContactStore): Promise<void> {
  if (result !== null) checkWords(planToNdjson(result.plan), 'the plan');
  const [run] = (await store.runs({ limit: 1 })).runs;
  if (run === undefined) return;
  const decisions = [];
  for await (const decision of store.decisions(run.id)) decisions.push(decision);
  checkWords(JSON.stringify([run, decisions]), 'the history');
  const report = { run, decisions };
  for (const make of [notImportedCsv, reportToLines, reportToPage]) {
    checkWords([...make(report)].join(''), `the report of ${make.name}`);
  }
}
