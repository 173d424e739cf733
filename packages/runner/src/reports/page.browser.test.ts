import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Contact, type Decision, type Run, runOf } from '@contact-sync/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, faultsOf, startBrowser } from '../../test/browser.js';
import { reportToPage } from './page.js';

const source = 'xpm:t';
const evil = '<img src=x onerror="document.title=\'broken into\'"> =cmd() \u202egnp.exe 👩‍👩‍👧';

function contact(n: number): Contact {
  const link = { source, externalId: `record ${n}` };
  const name = n === 1 ? evil : `Person ${n} ${n % 7 === 0 ? 'x'.repeat(200) : ''}`;
  const email = `p${n}@example.com`;
  return {
    ...{ id: String(n), name, email, phone: null, recordType: 'contact-sync', forcedManual: false, link },
    missingSince: null,
  };
}

function updated(n: number): Decision {
  const before = contact(n);
  const after = { ...before, email: `p${n}.new@example.com`, phone: '+61400000002' };
  return { ...nothing, reason: 'updated', externalId: `record ${n}`, before, after };
}

const nothing = { before: null, after: null, flags: [], says: null, faults: [], note: null };
const rejected: Decision = {
  ...nothing,
  reason: 'rejected_name_missing',
  externalId: 'record 0',
  says: { name: '', email: 'nobody@example.com', phone: null },
  faults: ['rejected_name_missing', 'rejected_phone_invalid'],
};

/** A run with so many changes, and one record that was rejected if there is any. */
function reportOf(changes: number): string {
  const decisions = Array.from({ length: changes }, (_, index) => updated(index + 1));
  const counts = { rows: changes, reasons: { updated: changes }, flags: {}, skipped: { archived: 3 } };
  const at = '2026-03-01T09:00:00.000Z';
  const plan = { kind: 'sync', source, actor: 'ann', why: evil, at, base: 0, connections: [], decisions } as const;
  const run: Run = runOf({ ...plan, counts, blocked: [] }, { id: '5', outcome: 'applied', version: 1 });
  return [...reportToPage({ run, decisions: changes === 0 ? [] : [...decisions, rejected] })].join('');
}

const patience = { timeout: 60_000 };

// CI has a Chromium; whoever has none is told, and tests the rest.
describe.skipIf(chromiumPath === null && process.env.CI === undefined)('the report in a real browser', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'contact-sync-report-'));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opened from disk, without a network. What the page logs, policies that are broken for one, is a fault. */
  async function opened(changes: number, look: { width: number; colorScheme: 'light' | 'dark' }) {
    const file = join(folder, `${changes}.html`);
    writeFileSync(file, reportOf(changes));
    const { width, colorScheme } = look;
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, offline: true });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) said.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, said, close: () => context.close() };
  }

  const looks = [360, 1280].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
  );

  test.each(looks.flatMap((look) => [0, 1].map((changes) => ({ ...look, changes }))))(
    '$width pixels wide, $colorScheme, $changes changes: axe finds nothing',
    async ({ changes, ...look }) => {
      const { page, said, close } = await opened(changes, look);
      // A policy forbids what axe would need to be put into the page; so it is looked at through the inspector.
      expect(await faultsOf(page)).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(look.width);
      expect(said).toEqual([]);
      expect(await page.title()).toBe('Run 5: sync of xpm:t');
      await close();
    },
  );

  test('20,000 changes are searched through, by any word', { timeout: 240_000 }, async () => {
    const { page, said, close } = await opened(20_000, { width: 1280, colorScheme: 'light' });
    const searched = async (text: string, found: string) => {
      await page.getByLabel('Search').fill(text);
      await expect.poll(() => page.locator('#found').textContent(), patience).toBe(found);
      return await page.evaluate<string[]>(
        `[...document.querySelectorAll('.list:not([hidden]) > li:not([hidden]) .who')].slice(0, 9).map((who) => who.textContent)`,
      );
    };
    expect(await searched('P19999 updated', '1 of 20,001 listed')).toEqual([expect.stringContaining('Person 19999')]);
    expect(await searched('no such word', '0 of 20,001 listed')).toEqual([]);
    expect((await searched('', '20,001 listed')).length).toBe(9);
    expect(await widthOf(page)).toBeLessThanOrEqual(1280);
    expect(said).toEqual([]);
    await close();
  });

  test('paper shows everything, what a search hides too, and no search box', async () => {
    const { page, close } = await opened(1, { width: 1280, colorScheme: 'light' });
    await page.getByLabel('Search').fill('no such word');
    await expect.poll(() => page.locator('.list > li:visible').count(), patience).toBe(0);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.list > li:visible').count()).toBe(2);
    expect(await page.getByLabel('Search').isVisible()).toBe(false);
    await close();
  });
});

/** Wider than the window means that a person has to scroll sideways. */
function widthOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth');
}
