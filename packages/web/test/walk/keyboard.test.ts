import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { focused, to } from './keys.js';
import { enters, holders } from './person.js';
import { startWorld } from './world.js';

describe.skipIf(noBrowser)('somebody without a mouse', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test('searches, forces a contact manual, looks at a sync and approves it', async () => {
    const world = await startWorld({ holders });
    await world.connectFyi();
    world.fyi.updateContact('f2', { name: 'José Núñez-Roe' });
    const ada = await enters(browser, world);
    const { page } = ada;
    const { keyboard } = page;

    await ada.sees('24 contacts');
    await to(page, /^Search$/);
    await keyboard.type('roe');
    await ada.sees('3 contacts found');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowUp');
    expect(await focused(page)).toMatch(/^Jane Roe/);
    await keyboard.press('Enter');
    await ada.isAt('Jane Roe');

    await to(page, /^Force manual$/);
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // Where one was before the dialog.
    expect(await focused(page)).toBe('Force manual');
    await keyboard.press('Space');
    await page.getByRole('dialog').waitFor();
    await to(page, /^Why/);
    await keyboard.type('She told us herself');
    await keyboard.press('Enter');
    await ada.sees('It is forced manual now.');

    await to(page, /^Sync$/, 'Shift+Tab');
    await keyboard.press('Enter');
    await ada.isAt('Sync');
    await ada.sees('Up to date');
    // What cannot be pressed now can be reached all the same, and says why.
    await to(page, /^Sync now/);
    expect(await described(page)).toMatch(/^It was synced a moment ago/);
    await to(page, /^Preview/);
    await keyboard.press('Enter');
    await ada.isAt('What a sync would do');
    await ada.sees('Approve this plan');
    await to(page, /updated$/);
    await keyboard.press('Enter');
    await ada.sees('José Núñez-Roe');
    await to(page, /^Why/);
    await keyboard.type('Married');
    await to(page, /^Approve this plan$/);
    await keyboard.press('Enter');
    await ada.isAt(/^Run .*: Sync$/);
    await ada.sees('“Married”');
    await ada.leave();
  });
});

function described(page: Page): Promise<string> {
  return page.evaluate<string>(
    `document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent`,
  );
}
