import { readFile } from 'node:fs/promises';
import { faults } from '@contact-sync/connector-fyi/mock';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { gate } from './gate.js';
import { peopleOf } from './people-of.js';
import { enters, holders } from './person.js';
import { startWorld, stores } from './world.js';

describe.skipIf(noBrowser)('a practice, from its first day on', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each(stores)(
    'is connected with keys, looked at before anything is written, and searched (%s)',
    async (store) => {
      const unreachable = { externalId: 'f25', name: 'Nora Nomail', email: null, phone: null };
      const world = await startWorld({ store, holders, records: [...peopleOf(24), unreachable] });
      const { fyi } = world;
      const ada = await enters(browser, world);
      const { page } = ada;
      await ada.sees('There are no contacts yet.');
      await ada.follow('Connect a system');
      await ada.isAt('Connect a system');
      await page.getByRole('radio', { name: 'FYI' }).check();
      await ada.type(/^Practice/, 'harbour');
      await page.getByLabel(/^Access id/).fill(fyi.access.accessId);
      await page.getByLabel(/^Access secret/).fill('not-the-secret');
      await page.getByText('Settings, and what its records become').click();
      await ada.type(/^Base url/, world.settings.fyi.baseUrl ?? '');
      await page.getByText('When it is synced', { exact: true }).click();
      await page.getByRole('checkbox', { name: /^As the service is configured/ }).uncheck();
      await page.getByRole('radio', { name: 'By a cron expression' }).check();
      await ada.type(/^Cron expression/, '0 0 29 2 *');
      await page.getByText('Policy', { exact: true }).click();
      await page.getByLabel('Name and email both changed').selectOption('hold');

      // With a secret that is wrong nothing is stored, and everything that was typed is there still.
      await ada.press('Connect');
      await ada.sees('source_unauthorized');
      await page.getByLabel(/^Access secret/).fill(fyi.access.accessSecret);
      // The page that is read to try the keys is let through, the first sync is not.
      fyi.afterPage(() => {
        fyi.afterPage(null);
        fyi.fault(faults.forbidden(), 9);
      });
      await ada.press('Connect');
      await ada.isAt('Connected');
      await ada.sees('The last sync failed');

      fyi.clearFaults();
      await ada.press(/^See what a sync would do/);
      await ada.isAt('What a sync would do');
      await ada.sees('This is what a sync would do now. Nothing is written until it is approved.');
      await page.locator('summary', { hasText: '24' }).click();
      await ada.sees('Jane Roe');
      await page.getByLabel(/^Why/).fill('The first one');
      await ada.press('Approve this plan');
      await ada.isAt(/^Run .*: Sync$/);
      await ada.sees('Done: the contact book was changed.');
      await ada.sees('“The first one”');
      await ada.sees('ada@firm.example');
      for (const [words, holds] of [
        ['A page to read or print (HTML)', '<!doctype html>'],
        ['A table for a spreadsheet (CSV)', 'Nora Nomail'],
        ['Data for programs (NDJSON)', '"jane.roe.1@client.example"'],
      ] as const) {
        const download = page.waitForEvent('download');
        await ada.follow(words);
        expect(await readFile(await (await download).path(), 'utf8')).toContain(holds);
      }

      await ada.follow('Contacts');
      await ada.sees('24 contacts');
      await page.getByLabel('Search').fill('nunez');
      await ada.sees('4 contacts found');
      await page.getByLabel('Search').fill('jane.roe.1@');
      await ada.sees('1 contact found');
      await page.getByLabel('Search').fill('no such person');
      await ada.sees('No contact fits.');
      await ada.press('Show all contacts');
      await ada.sees('24 contacts');
      await page.getByLabel('Type').selectOption('Manual');
      await ada.sees('No contact fits.');
      await page.getByLabel('Type').selectOption('Synced');
      await page.getByLabel('Source').selectOption({ label: 'FYI' });
      await ada.sees('24 contacts found');
      await ada.press('Forced manual');
      await ada.sees('No contact fits.');
      await ada.leave();
    },
  );

  test.each(stores)('is synced when somebody asks, and seen while it is read (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    const { fyi, clock } = world;
    await world.connectFyi();
    const ada = await enters(browser, world);
    const { page } = ada;
    await ada.follow('Sync');
    await ada.isAt('Sync');
    await ada.sees('Up to date');
    const sync = page.getByRole('button', { name: /^Sync now/ });
    expect(await sync.getAttribute('aria-disabled')).toBe('true');
    await ada.sees(/^It was synced a moment ago. Possible again at/);

    clock.pass(5 * 60_000);
    await page.reload();
    await ada.sees('Up to date');
    expect(await sync.getAttribute('aria-disabled')).toBe('false');
    const held = gate();
    fyi.ways({ cap: 1 });
    fyi.fault(({ body }) => new Response(body, { headers: { 'content-type': 'application/json' } }));
    fyi.fault(({ body }) => new Response(body, { headers: { 'content-type': 'application/json' } }));
    fyi.fault(({ body }) => new Response(held.stream(body), { headers: { 'content-type': 'application/json' } }));
    fyi.updateContact('f2', { name: 'José Núñez-Roe' });
    await sync.click();
    await ada.sees('Syncing now');
    await ada.sees(/^20 rows in 2 pages read/);
    held.open();
    await ada.sees('Up to date');
    await ada.sees(/1 updated, 23 unchanged/);
    await ada.sees(/^It was synced a moment ago/);

    await ada.press(/^Pause/);
    await page.getByLabel(/^Why/).fill('Moving house');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await ada.sees('Paused');
    await ada.press(/^Resume/);
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await ada.sees('Up to date');
    await ada.leave();
  });
});
