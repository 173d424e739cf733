import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
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

/** What has the focus, as it is called; and it can be seen that it has it. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>(`(() => {
    const one = document.activeElement;
    const name = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const seen = one.matches('body, h1') || (outlineStyle !== 'none' && outlineWidth !== '0px');
    return name.trim() + (seen ? '' : ' (nothing shows where the focus is)');
  })()`);
}

function described(page: Page): Promise<string> {
  return page.evaluate<string>(
    `document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent`,
  );
}

/** Goes on, one by one, until something that is called so has the focus. */
async function to(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (name.test(at)) return;
    passed.push(at);
  }
  throw new Error(`Nothing that is called ${name} is reached: ${passed.join(', ')}`);
}
