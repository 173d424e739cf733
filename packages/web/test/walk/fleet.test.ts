import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresStore } from '@contact-sync/storage-postgres';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { type DemoFleet, demoFleet } from '../demo-fleet.js';
import { oddNames, seedFleet } from '../fleet-scene.js';
import { focused, to } from './keys.js';
import { holders, type Person, personOf } from './person.js';
import { axeFaults, type Look, tooWide, visiting } from './visit.js';

/** A folder for pictures of everything, for people to look at. */
const pictures = process.env.PICTURES;

describe.skipIf(noBrowser)('the page of a fleet', { timeout: 180_000 }, () => {
  let browser: Browser;
  let fleet: DemoFleet;
  beforeAll(async () => {
    browser = await startBrowser();
    fleet = await demoFleet({ holders });
    await seedFleet(fleet, 600);
  });
  afterAll(async () => {
    await browser?.close();
    await fleet?.close();
  });

  async function enters(who: keyof typeof holders = 'ada', look: Look = {}): Promise<Person> {
    const person = personOf(await visiting(browser, [fleet.url], look), fleet.url);
    await person.go(`/open?token=${who}`);
    await person.isAt(/^61\d connections of 61\d firms$/);
    return person;
  }
  const rows = (page: Page) => page.getByRole('list', { name: 'Connections' }).getByRole('listitem');
  const row = (page: Page, book: string) => rows(page).filter({ hasText: book });

  const finds = ({ page }: Person, text: string) => page.getByLabel('Search', { exact: true }).fill(text);

  /** What the history of a book says: kind, who did it, and their note. */
  async function history(book: string): Promise<(string | null)[][]> {
    const store = postgresStore({ url: fleet.database, book, readOnly: true });
    try {
      return (await store.runs({ limit: 10 })).runs.map(({ kind, actor, why }) => [kind, actor, why]);
    } finally {
      await store.close();
    }
  }

  test('an operator finds firms, pauses some, resumes and retries them; each change is signed', async () => {
    const ada = await enters();
    const { page } = ada;
    await expect.poll(() => rows(page).first().textContent()).toContain('Held');
    await finds(ada, 'NIKAU');
    await ada.sees('1 connection of 1 firm found');
    await row(page, 'nikau').getByRole('checkbox').check();
    await ada.press('Pause…');
    await ada.sees('Pause 1 connection?');
    await ada.type(/^Why/, 'They move to another system');
    await ada.press('Pause 1');
    await ada.sees('Paused: 1 connection.');
    await row(page, 'nikau').getByText('Paused').waitFor();
    expect((await history('nikau'))[0]).toEqual(['pause', 'ada@firm.example', 'They move to another system']);

    await row(page, 'nikau').getByRole('button', { name: 'nikau' }).click();
    await ada.press('Resume…');
    await ada.press('Resume 1');
    await ada.sees('Resumed: 1 connection.');
    await row(page, 'nikau').getByText('Well').waitFor();
    expect((await history('nikau'))[0]).toEqual(['resume', 'ada@firm.example', null]);

    // By what is wrong with them: every firm that one thing keeps from being synced.
    await finds(ada, '');
    await page.getByText(/^\d more reasons/).click();
    await page.getByRole('button', { name: 'The connection must be made anew' }).click();
    await ada.sees('3 connections of 3 firms found');
    await page.getByLabel('Select all 3').check();
    await ada.press('Retry…');
    await ada.sees('3 connections of 3 firms');
    await ada.press('Retry 3');
    await ada.sees('To be synced now: 3 connections.');
    const jobs = await fleet.query<{ by: string }>(`SELECT data->>'by' AS by FROM contact_sync_jobs.job`);
    expect(jobs.map(({ by }) => by)).toEqual(Array(3).fill('ada@firm.example'));

    // What nobody finds, and the way back.
    await finds(ada, 'nobody is called so');
    await ada.sees('No connection fits.');
    await ada.press('Show all connections');
    await ada.sees(/^61\d connections of 61\d firms$/);
    await finds(ada, 'partners');
    await page.getByLabel('State').selectOption('Paused');
    await ada.sees('12 connections of 12 firms found');
    await expect.poll(() => rows(page).count()).toBe(12);
    await ada.leave();
  });

  test('all that a filter finds is one order, and no more than was agreed to', async () => {
    const ada = await enters();
    const { page } = ada;
    await finds(ada, 'ngata');
    await ada.sees('122 connections of 122 firms found');
    await page.getByLabel('Select all 122').check();
    await ada.press('Pause…');
    await ada.sees(/^12 more connections: paused already/);
    await ada.sees('Pause 110 connections?');
    // Nothing happens before somebody types how many.
    expect(await page.getByRole('button', { name: 'Pause 110' }).getAttribute('aria-disabled')).toBe('true');
    await ada.type(/^Type/, '110');
    await ada.press('Pause 110');
    // The others were never synced, so there is nothing of them that could be paused.
    await ada.sees('Paused: 2 connections.');
    for (const book of ['Ngata Bay', 'Ngata Hill'])
      expect((await history(book))[0]).toEqual(['pause', 'ada@firm.example', null]);

    // Another person's page is older: by now there are more than they agreed to.
    const stale =
      await page.evaluate<number>(`fetch('/api/v1/session').then((answer) => answer.json()).then(({ csrfToken }) =>
      fetch('/api/v1/fleet/resume', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
        body: JSON.stringify({ which: { filter: { text: 'ngata', state: 'paused' } }, atMost: 13 }),
      }).then(({ status }) => status))`);
    expect([stale, (await history('Ngata Bay'))[0]?.[0]]).toEqual([409, 'pause']);
    await ada.leave();
  });

  test('it shows what changed by itself, unless nobody looks', async () => {
    const ada = await enters();
    const { page } = ada;
    await page.clock.install();
    await ada.go('/?text=Emoji');
    await ada.sees('1 connection of 1 firm found');
    await fleet.query(`UPDATE contact_sync_fleet.connections SET rows = 4242 WHERE book LIKE 'Emoji%'`);
    await page.clock.runFor(6000);
    await ada.sees('4,242');
    let asked = 0;
    page.on('request', () => {
      asked += 1;
    });
    await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'))`);
    await page.clock.runFor(60_000);
    expect(asked).toBe(0);
    await ada.leave();
  });

  test('somebody without a mouse does all of it; a viewer looks', async () => {
    const ada = await enters();
    const { page } = ada;
    const { keyboard } = page;
    await to(page, /^Search$/);
    await keyboard.type('ma');
    await ada.sees(/found$/);
    await keyboard.type('tai');
    await ada.sees('1 connection of 1 firm found');
    await keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('Select matai, xpm:matai');
    await keyboard.press('Tab');
    expect(await focused(page)).toBe('matai');
    await keyboard.press('Enter');
    await to(page, /^Pause…$/);
    await keyboard.press('Enter');
    await ada.sees('Pause 1 connection?');
    await to(page, /^Pause 1$/);
    await keyboard.press('Enter');
    await ada.sees('Paused: 1 connection.');
    await ada.leave();

    const vic = await enters('vic');
    await finds(vic, 'oak');
    await vic.sees('1 connection of 1 firm found');
    expect(await vic.page.getByRole('checkbox').count()).toBe(0);
    await row(vic.page, 'oak').getByRole('button').click();
    const offered = await vic.page.getByRole('dialog').getByRole('button').allTextContents();
    expect(offered).toEqual(['Close']);
    await vic.press('Close');
    await vic.follow('Top');
    await vic.isAt('Top');
    await vic.sees('Runs now');
    await vic.leave();
  });

  test.each([
    { width: 1280, colorScheme: 'light' },
    { width: 360, colorScheme: 'dark' },
    ...(pictures === undefined
      ? []
      : ([
          { width: 360, colorScheme: 'light' },
          { width: 1280, colorScheme: 'dark' },
        ] as const)),
  ] as const)('nothing is against the guidelines, too wide, or run, at $width in $colorScheme', async (look) => {
    const eve = await enters('ada', look);
    const { page } = eve;
    const wrong: string[] = [];
    const check = async (what: string) => {
      await expect.poll(() => page.locator('.loading, [aria-busy="true"]').count()).toBe(0);
      wrong.push(...[...(await axeFaults(page)), ...(await tooWide(page))].map((fault) => `${what}: ${fault}`));
      if (pictures === undefined) return;
      await mkdir(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `fleet-${what}-${look.width}-${look.colorScheme}.png`) });
    };
    if (pictures !== undefined) await check('first');
    for (const summary of await page.locator('details > summary').all()) await summary.click();
    await check('opened');
    await eve.go('/?code=source_broken');
    await eve.sees('5 connections of 5 firms found');
    await page.getByLabel('Select all 5').check();
    await page.getByRole('list', { name: 'Connections' }).scrollIntoViewIfNeeded();
    await check('odd');
    const shown = (await page.locator('main').textContent()) ?? '';
    for (const name of oddNames.map((odd) => odd.replace('\u202e', '\\u{202e}').replace('\u200b', '\\u{200b}')))
      expect(shown).toContain(name.trim());
    await page.getByRole('button', { name: /^Long/ }).click();
    await check('dialog');
    await page.keyboard.press('Escape');
    await eve.press('Retry…');
    await eve.sees('Retry 5 connections?');
    await check('order');
    await page.keyboard.press('Escape');
    await eve.go('/top');
    await eve.isAt('Top');
    await eve.sees('so far');
    await check('top');
    await eve.go('/contacts');
    await eve.isAt('No such page');
    expect(await page.evaluate('globalThis.broken')).toBeUndefined();
    expect(wrong).toEqual([]);
    await eve.leave();
  });
});
