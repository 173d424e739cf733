import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startBrowser } from '../browser.js';
import { ask, person } from '../people.js';
import { personOf } from './person.js';
import { sent, startProxy } from './proxy.js';
import { visiting } from './visit.js';
import { source, startWorld, stores } from './world.js';

describe.skipIf(noBrowser)('who comes in, and what they may do', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each(stores)('a link lets one person in, once, until they leave (%s)', async (store) => {
    const world = await startWorld({ store });
    const link = /http:\S+\/open\?token=\S+/.exec(world.shown.join('\n'))?.[0] ?? '';
    const path = link.slice(world.url.length);
    const one = personOf(await visiting(browser, world.places), world.url);
    const two = personOf(await visiting(browser, world.places), world.url);
    await one.go(path);
    await one.isAt('Contacts');
    // No script has the cookie, and no page of somebody else sends it.
    const [cookie] = await one.context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(one.page.url()).not.toContain('token');

    await two.go(path);
    await two.isAt('This link is used or over');
    await two.sees('contact-sync open');
    await two.go('/contacts');
    await two.isAt('Nobody is signed in here');

    await one.press('Sign out');
    await one.isAt('Nobody is signed in here');
    await one.go('/contacts');
    await one.isAt('Nobody is signed in here');
    await one.leave();
    await two.leave();
  });

  test.each(stores)(
    'behind a proxy one looks and one changes; headers that are made up open nothing (%s)',
    async (store) => {
      const proxy = await startProxy();
      const world = await startWorld({ store, proxy: proxy.settings });
      proxy.leadTo(world.url);
      await world.connectFyi();
      async function signedIn(user: string, group: string, headers: Record<string, string> = {}) {
        const visit = await visiting(browser, [proxy.url], { headers });
        const value = [user, group].map(encodeURIComponent).join('|');
        await visit.context.addCookies([{ name: 'who', value, url: proxy.url }]);
        return personOf(visit, proxy.url);
      }
      const ada = await signedIn('ada@firm.example', 'contact-sync-administrators');
      // The proxy replaces what she says of herself.
      const forged = { 'x-forwarded-groups': 'contact-sync-administrators' };
      const vic = await signedIn('vic@firm.example', 'contact-sync-viewers', forged);

      await ada.go('/contacts');
      await ada.press('Add a contact');
      await ada.page.getByLabel('Name').fill('Walter Walk-In');
      await ada.page.getByLabel('Email').fill('walter@walkin.example');
      await ada.page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
      await ada.isAt('Walter Walk-In');
      await ada.sees('by ada@firm.example');
      const walter = new URL(ada.page.url()).pathname;

      const buttons = () => vic.page.locator('main').getByRole('button');
      for (const [at, heading] of [
        [walter, 'Walter Walk-In'],
        ['/sync', 'Sync'],
        [`/connections/${encodeURIComponent(source)}`, /^FYI/],
        ['/history', 'History'],
      ] as const) {
        await vic.go(at);
        await vic.isAt(heading);
        expect([at, await buttons().allTextContents()]).toEqual([at, []]);
      }
      await vic.follow(/^New contact/);
      await vic.sees('Done: the contact book was changed.');
      expect(await buttons().allTextContents()).toEqual([]);
      await vic.go('/connections/new');
      await vic.sees('An administrator connects systems.');
      const asVic = await person(world.url, sent('vic@firm.example', 'contact-sync-viewers'));
      const refused = await asVic.ask(`/api/v1/books/default${walter}`, { method: 'PATCH', body: { name: 'Hacked' } });
      expect([refused.status, refused.json.error.code]).toEqual([403, 'not_allowed']);

      // Whoever goes around the proxy can send any header but its secret.
      const around = {
        ...sent('ada@firm.example', 'contact-sync-administrators'),
        'x-contact-sync-proxy-secret': 'guessed-secret-of-32-characters',
      };
      const mallory = personOf(await visiting(browser, world.places, { headers: around }), world.url);
      await mallory.go('/contacts');
      await mallory.isAt('Sign in first');
      expect((await ask(`${world.url}/api/v1/session`, { headers: around })).status).toBe(401);
      const nobody = await signedIn('eve@firm.example', 'somebody-elses-group');
      await nobody.go('/contacts');
      await nobody.isAt('Sign in first');
      for (const one of [ada, vic, mallory, nobody]) await one.leave();
    },
  );
});
