import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { enters, holders } from './person.js';
import { seldom, startWorld, stores } from './world.js';

describe.skipIf(noBrowser)('signing in to a system', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each(stores)('with a choice of tenants; when its sign-in ends, somebody signs in again (%s)', async (store) => {
    const world = await startWorld({ store, holders, tenants: ['Other Practice'] });
    const { xpm, clock } = world;
    const ada = await enters(browser, world);
    const { page } = ada;
    await ada.go('/connections/new?connector=xpm');
    await ada.sees('Somebody signs in to Xero Practice Manager');
    await ada.sees(`${world.url}/oauth/callback`);
    await ada.type(/^Client id of the app/, xpm.signIn.client.id);
    await page.getByLabel(/^Client secret of the app/).fill(xpm.signIn.client.secret ?? '');
    await page.getByText('Settings, and what its records become').click();
    await ada.type(/^Base url/, world.settings.xpm.baseUrl ?? '');

    // Somebody says no at the vendor's page first.
    xpm.signIn.deny('access_denied');
    await ada.press('Sign in to Xero Practice Manager');
    await ada.isAt('The sign-in did not work');
    await ada.sees('Nothing was stored.');
    xpm.signIn.deny(null);
    await ada.follow('Begin again');
    await ada.type(/^Client id of the app/, xpm.signIn.client.id);
    await page.getByLabel(/^Client secret of the app/).fill(xpm.signIn.client.secret ?? '');
    await page.getByText('Settings, and what its records become').click();
    await ada.type(/^Base url/, world.settings.xpm.baseUrl ?? '');
    await ada.press('Sign in to Xero Practice Manager');

    await ada.isAt('Which ones?');
    const connect = page.getByRole('button', { name: 'Connect', exact: true });
    expect(await connect.getAttribute('aria-disabled')).toBe('true');
    await ada.sees('Other Practice');
    await page.getByRole('checkbox', { name: xpm.access.tenantId }).check();
    await connect.click();
    await ada.isAt('Connected');
    await ada.sees('Up to date');
    await ada.follow('Its settings');
    await ada.sees(/^Somebody signed in to Xero Practice Manager/);

    await ada.press('Change… the schedule');
    await page.getByRole('radio', { name: 'By a cron expression' }).check();
    await ada.type(/^Cron expression/, seldom.replace(' UTC', ''));
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await ada.sees(/0 0 29 2 \*/);

    // The firm takes the app away at Xero.
    xpm.signIn.endAll();
    clock.pass(45 * 60_000);
    await ada.follow('Sync');
    await page.reload();
    await ada.press(/^Sync now/);
    await ada.sees('Must be connected again');
    await ada.sees('It can no longer be read: the system does not accept the sign-in or the keys.');
    await page.getByRole('link', { name: 'Connect it again' }).first().click();
    await ada.press('Sign in to Xero Practice Manager again');
    await ada.isAt('Connected');
    await ada.sees('It was connected before. Its contacts, settings, policy and schedule are as they were.');
    await ada.sees('Up to date');
    await ada.go('/sync');
    await ada.sees('Up to date');
    expect(await page.getByText('It can no longer be read').count()).toBe(0);
    expect(await page.content()).not.toContain(xpm.access.accessToken);
    await ada.leave();
  });

  test.each(stores)('keys that are not accepted any more are replaced (%s)', async (store) => {
    const world = await startWorld({ store, holders });
    const { fyi, clock } = world;
    await world.connectFyi();
    const ada = await enters(browser, world);
    const { page } = ada;
    clock.pass(5 * 60_000);
    await ada.follow('Sync');
    await ada.sees('Up to date');
    fyi.fault(() => Response.json({}, { status: 401 }), 1);
    await page.reload();
    await ada.press(/^Sync now/);
    await ada.sees('Must be connected again');
    await page.getByRole('link', { name: 'Connect it again' }).first().click();
    await page.getByLabel(/^Access id/).fill(fyi.access.accessId);
    await page.getByLabel(/^Access secret/).fill(fyi.access.accessSecret);
    await ada.press('Connect again with these keys');
    await ada.sees('Connected again: a page of the source was read.');
    await ada.sees('Up to date');
    await ada.leave();
  });
});
