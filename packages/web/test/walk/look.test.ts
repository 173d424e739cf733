import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { personOf } from './person.js';
import { setScene } from './scene.js';
import { axeFaults, tooWide, visiting } from './visit.js';

/** A folder for pictures of everything, for people to look at. */
const pictures = process.env.PICTURES;

describe.skipIf(noBrowser)('every page and every dialog, with names that nobody has', { timeout: 600_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test('holds nothing against the guidelines, fits into narrow windows, and runs nothing that it shows', async () => {
    const { world, places } = await setScene();
    const wrong: string[] = [];
    const looks = [
      { width: 1280, colorScheme: 'light' },
      { width: 360, colorScheme: 'dark' },
      ...(pictures === undefined ? [] : ([{ width: 360, colorScheme: 'light' }] as const)),
    ] as const;
    for (const look of looks) {
      const inside = personOf(await visiting(browser, world.places, look), world.url);
      const outside = personOf(await visiting(browser, world.places, look), world.url);
      await inside.go('/open?token=eve');
      await inside.isAt('Contacts');
      for (const { name, path, dialogs = [], out = false, shows = [] } of places) {
        const { page, go } = out ? outside : inside;
        const check = async (what: string) => {
          const found = [...(await axeFaults(page)), ...(await tooWide(page))];
          wrong.push(...found.map((fault) => `${what}, ${look.width} ${look.colorScheme}: ${fault}`));
          if (pictures !== undefined) await pictureOf(page, `${what}-${look.width}-${look.colorScheme}`);
        };
        await go(path);
        await settled(page);
        // Everything that can be opened is; some of it comes only then.
        const closed = page.locator('main details:not([open]) > summary');
        while ((await closed.count()) > 0) {
          await closed.first().click();
          await settled(page);
        }
        await check(name);
        const text = (await page.locator('main').textContent()) ?? '';
        for (const one of shows) if (!text.includes(one)) wrong.push(`${name} does not show ${one}`);
        for (const [index, dialog] of dialogs.entries()) {
          await page.getByRole('button', { name: dialog }).first().click();
          await page.getByRole('dialog').waitFor();
          await check(`${name}-dialog-${index + 1}`);
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        if ((await page.evaluate('globalThis.broken')) !== undefined) wrong.push(`${name} ran a script`);
      }
      await inside.leave();
      await outside.leave();
    }
    expect(wrong).toEqual([]);
  });
});

/** Once there is a heading, and nothing that is still being loaded. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.locator('.loading, [aria-busy="true"]').count(), { timeout: 30_000 }).toBe(0);
}

async function pictureOf(page: Page, name: string): Promise<void> {
  const folder = pictures ?? '';
  await mkdir(folder, { recursive: true });
  await page.screenshot({
    path: join(folder, `${name}.png`),
    fullPage: (await page.getByRole('dialog').count()) === 0,
  });
}
