import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { enters, holders } from './person.js';
import { source, startWorld, stores } from './world.js';

describe.skipIf(noBrowser)('what people do by hand', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each(stores)('a contact is forced manual, its source goes on, and it is given back (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    const { fyi } = world;
    await world.connectFyi();
    const ada = await enters(browser, world);
    const { page } = ada;
    const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    await ada.follow(/^Jane Roe/);
    await ada.isAt('Jane Roe');
    await ada.sees('Read-only.');
    const edit = page.getByRole('button', { name: 'Edit', exact: true });
    expect(await edit.getAttribute('aria-disabled')).toBe('true');

    await ada.press('Force manual');
    await page.getByLabel(/^Why/).fill('She told us herself');
    await confirm('Force manual');
    await ada.sees('It is forced manual now.');
    await ada.sees('“She told us herself”');
    await edit.click();
    await page.getByLabel('Name').fill('Jane Roe-Walsh');
    await confirm('Save');
    await ada.isAt('Jane Roe-Walsh');

    fyi.updateContact('f1', { email: 'jane@new.example' });
    await world.sync();
    await ada.sees('The contact, and what the source says');
    const says = page.getByRole('region', { name: 'The contact, and what the source says' });
    expect(await says.textContent()).toContain('jane@new.example');
    expect(await page.getByRole('region', { name: 'Details' }).textContent()).not.toContain('jane@new.example');

    await ada.press('Release');
    expect(await page.getByRole('dialog').textContent()).toContain('jane@new.example');
    await confirm('Release');
    await ada.sees('It was given back to its source.');
    await world.sync();
    await ada.isAt('Jane Roe');
    await ada.sees('Read-only.');
    await expect.poll(() => page.getByRole('region', { name: 'Details' }).textContent()).toContain('jane@new.example');
    const history = await page.getByRole('region', { name: 'History' }).textContent();
    for (const who of ['ada@firm.example', 'grace']) expect(history).toContain(who);
    await ada.leave();
  });

  test.each(stores)('a contact is added, edited, linked to a record, and forgotten (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    await world.connectFyi();
    const ada = await enters(browser, world);
    const { page } = ada;
    const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    await ada.press('Add a contact');
    await page.getByLabel('Name').fill('Walter Walk-In');
    await page.getByLabel('Email').fill('walter@nowhere');
    await confirm('Add');
    // What does not fit is said where it was typed, and stays.
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByLabel('Email').fill('walter@walkin.example');
    await confirm('Add');
    await ada.isAt('Walter Walk-In');

    await ada.press('Edit');
    await page.getByLabel('Phone (may stay empty)').fill('0400 000 777');
    await confirm('Save');
    await ada.sees('The contact was changed.');
    await ada.sees('+61400000777');

    await ada.press('Link by hand');
    await page.getByLabel('Id of the record in the source').fill('f3');
    await confirm('Link');
    await ada.sees('The contact was linked.');
    await ada.sees('Where it comes from');
    await ada.sees(source);

    await ada.press('Forget');
    const forget = page.getByRole('dialog').getByRole('button', { name: 'Forget for good' });
    expect(await forget.getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Type forget to confirm').fill('forget');
    await forget.click();
    await ada.isAt('Contacts');
    await ada.sees('This person was forgotten.');
    await page.getByLabel('Search').fill('walter');
    await ada.sees('No contact fits.');
    await ada.leave();
  });
});
