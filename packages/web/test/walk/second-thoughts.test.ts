import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { enters, holders } from './person.js';
import { startWorld, stores } from './world.js';

describe.skipIf(noBrowser)('second thoughts', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each(stores)('a guard stops a sync; somebody looks, approves it, and undoes it again (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    const { fyi } = world;
    await world.connectFyi();
    for (const { id } of fyi.entities()) fyi.removeEntity(id);
    await world.sync();

    const ada = await enters(browser, world);
    const { page } = ada;
    await ada.follow('Sync');
    await ada.sees('Stopped by a guard');
    await ada.follow('See the last run');
    await ada.isAt(/^Run .*: Sync$/);
    await ada.sees('Stopped by a guard: nothing was written.');
    await ada.press('Look and approve');
    await ada.isAt(/^The plan of run/);
    await ada.sees('2 guards stop this plan');
    await page.getByLabel(/^Why/).fill('We left FYI');
    await ada.press('Approve this plan');
    await ada.isAt(/^Run .*: Sync, approved$/);
    await ada.sees('“We left FYI”');
    await ada.sees('which a guard had stopped');
    await ada.follow('Contacts');
    await ada.press('Missing');
    await ada.sees('24 contacts found');

    await page.goBack();
    await page.goBack();
    await ada.isAt(/^Run .*: Sync, approved$/);
    await ada.press('Undo');
    await ada.isAt(/^What undoing run .* would do$/);
    await ada.sees(/connection is paused/);
    await page.locator('summary').first().click();
    await ada.sees('Jane Roe');
    await ada.press(/^Undo run/);
    await ada.isAt(/^Run .*: Undo$/);
    await ada.follow('Contacts');
    await ada.press('Missing');
    await ada.sees('No contact fits.');
    await ada.follow('Sync');
    await ada.sees('Paused');
    await ada.follow('History');
    await page.getByLabel('Outcome').selectOption('Stopped by a guard');
    await expect.poll(() => page.locator('.runs > li').count()).toBe(1);
    await ada.leave();
  });

  test.each(stores)('a plan that the book has left behind is not applied (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    const { fyi, host } = world;
    await world.connectFyi();
    fyi.updateContact('f1', { name: 'Jane Walsh' });
    const ada = await enters(browser, world);
    await ada.follow('Sync');
    await ada.press(/^Preview/);
    await ada.sees('Approve this plan');
    const book = host.book('default');
    await book.add({ name: 'Zed', email: 'zed@zed.example', phone: null }, { actor: 'grace', why: null });
    await ada.sees('The contact book changed since this plan was made.');
    await ada.press('Look again');
    await ada.press('Approve this plan');
    await ada.isAt(/^Run .*: Sync$/);
    await ada.leave();
  });

  test.each(stores)('a record is held until somebody approves it (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    const { fyi } = world;
    await world.connectFyi({ policy: { identityChange: 'hold' } });
    fyi.updateContact('f1', { name: 'Somebody Else', email: 'else@client.example' });
    fyi.updateContact('f2', { email: 'no address' });
    await world.sync();

    const ada = await enters(browser, world);
    const { page } = ada;
    await page.getByRole('link', { name: 'Review 2 waiting' }).click();
    await ada.sees('Held (1)');
    await ada.press('Rejected (1)');
    await ada.sees('no address');
    await ada.press('All (2)');
    const item = page.locator('.review-item', { hasText: 'Somebody Else' });
    expect(await item.textContent()).toContain('Jane Roe');
    await item.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await ada.sees('It was taken over.');
    await ada.sees('Held (0)');
    await ada.follow('Contacts');
    await page.getByLabel('Search').fill('Somebody Else');
    await ada.sees('1 contact found');
    await ada.leave();
  });

  test.each(stores)('a source is disconnected after a look at what that does, and comes back (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    await world.connectFyi();
    const ada = await enters(browser, world);
    const { page } = ada;
    await ada.follow('Connections');
    await ada.follow(/^FYI/);
    await ada.sees('Its 24 contacts stay: those that are synced become manual.');
    await ada.press('See what would happen…');
    await ada.isAt('What disconnecting would do');
    await page.locator('summary', { hasText: '24' }).click();
    await ada.sees('Jane Roe');
    await page.getByLabel(/^Why/).fill('Moved away');
    await ada.press('Disconnect');
    await ada.isAt(/^Run .*: Disconnect$/);
    await ada.follow('Contacts');
    await page.getByLabel('Type').selectOption('Manual');
    await ada.sees('24 contacts found');

    await ada.follow('Connections');
    await ada.sees('Disconnected');
    await ada.follow(/^FYI/);
    await ada.follow('Connect it again');
    await ada.isAt('Connect a system');
    await ada.type(/^Practice/, 'harbour');
    await page.getByLabel(/^Access id/).fill(world.fyi.access.accessId);
    await page.getByLabel(/^Access secret/).fill(world.fyi.access.accessSecret);
    await page.getByText('Settings, and what its records become').click();
    await ada.type(/^Base url/, world.settings.fyi.baseUrl ?? '');
    await ada.press('Connect');
    await ada.isAt('Connected');
    await ada.sees('Up to date');
    await ada.follow('Its settings');
    await ada.press('Change… the schedule');
    await page.getByRole('radio', { name: 'Every day' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await ada.sees(/^Every day at/);
    await ada.follow('Contacts');
    await page.getByLabel('Type').selectOption('Synced');
    await ada.sees('24 contacts found');
    await ada.leave();
  });
});
