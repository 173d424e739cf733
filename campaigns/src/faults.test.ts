import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContactSyncError } from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { booksOf } from './faults/books.js';
import { canaries, checkWords } from './faults/canaries.js';
import { benchOf, httpCases, runHttpCase } from './faults/http.js';
import { type Kind, kinds, outcomeOf } from './faults/kinds.js';
import { fileKinds } from './faults/kinds-files.js';
import { write } from './faults/server.js';
import { type System, systems } from './faults/systems.js';
import { faults } from './faults.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each system has more than forty faults, a file too, each at three places', () => {
  for (const { name } of systems) {
    const its = kinds.filter((kind) => outcomeOf(kind, name) !== null);
    expect(its.length).toBeGreaterThan(60);
    expect(httpCases.filter(({ system }) => system.name === name)).toHaveLength(3 * its.length);
  }
  expect(fileKinds.length).toBeGreaterThan(50);
  for (const list of [kinds, fileKinds]) expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
});

test('a whole campaign has every case once', () => {
  const seeds = Array.from({ length: faults.full }, (_, index) => ((index + 4711) * 101) % faults.full);
  expect(new Set(seeds).size).toBe(faults.full);
});

test.each(Object.entries(canaries))('%s is found in every form', (_, text) => {
  for (const shown of [
    `x ${text} y`,
    JSON.stringify({ text }),
    encodeURIComponent(text),
    new URLSearchParams({ text }).toString(),
    ...['', 'a', 'ab'].map((before) => btoa(`${before}${text}${before}`)),
  ]) {
    expect(() => checkWords(shown, 'a line')).toThrow('in a line');
  }
  expect(() => checkWords('canary', 'a line')).not.toThrow();
});

test('what a source gives away is found in the error, in the book and in the progress', async () => {
  const source = 'xpm:1';
  const record = { externalId: '1', name: 'Jane Roe', email: 'jane@roe.example', phone: null };
  const books = await booksOf(folder, source, [record]);
  const throwing = (cause: unknown) => () => {
    throw new ContactSyncError('source_refused', 'No.', { hint: 'Try again.', cause });
  };
  const leaks = [
    memorySource({ source, records: [record], beforePage: throwing({ headers: [canaries.secret] }) }),
    memorySource({ source, records: [record, { ...record, externalId: '2', name: canaries.born }] }),
    memorySource({ source, records: [record], skipped: { [canaries.taxNumber]: 0 } }),
  ];
  for (const leak of leaks) await expect(books.run(leak)).rejects.toThrow(/^The (secret|born|taxNumber) is in /);
  expect((await books.run(memorySource({ source, records: [record] }))).error).toBeNull();
});

function systemCalled(its: string): System {
  return systems.find(({ name }) => name === its) ?? expect.fail(`There is no ${its}`);
}

test('a wrong book, a wrong end and a stray connection are each noticed', async () => {
  const system = systemCalled('bgl');
  const bench = await benchOf(folder, system);
  const run = (kind: Omit<Kind, 'name'>) => {
    return runHttpCase(bench, { system, kind: { name: 'made up', ...kind }, position: 'middle' });
  };
  const right: Kind['wire'] = ({ socket, right: answer }) => write(socket, answer);
  const renamed: Kind['wire'] = ({ socket, right: answer }) => {
    write(socket, { ...answer, body: Buffer.from(answer.body.toString().replace('Numbered7"', 'Other"')) });
  };
  const stray: Kind['wire'] = async (moment) => {
    const { hostname, port } = new URL(moment.elsewhere);
    await new Promise<void>((resolve) => void connect(Number(port), hostname, resolve));
    right(moment);
  };
  expect(await run({ strikes: 'once', wire: right, outcome: 'passes' })).toBe('bgl: the right book');
  await expect(run({ strikes: 'from', wire: renamed, outcome: 'passes' })).rejects.toThrow('The book:');
  await expect(run({ strikes: 'once', wire: right, outcome: 'source_timeout' })).rejects.toThrow('ended with passes');
  await expect(run({ strikes: 'once', wire: stray, outcome: 'passes' })).rejects.toThrow('reached another server');
});
