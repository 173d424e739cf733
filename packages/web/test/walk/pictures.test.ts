import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { startBrowser } from '../browser.js';
import { demoFleet } from '../demo-fleet.js';
import { seedFleet } from '../fleet-scene.js';
import { enters, holders, personOf } from './person.js';
import { visiting } from './visit.js';
import { startWorld } from './world.js';

/** The pictures of the documents, made anew: PICTURES=docs/pictures npx vitest run packages/web/test/walk/pictures.test.ts */
const folder = process.env.PICTURES;

test.runIf(folder !== undefined)('what the documents show', { timeout: 180_000 }, async () => {
  const world = await startWorld({ holders });
  const { fyi, clock, host } = world;
  const book = host.book('default');
  const signed = { actor: 'ada@firm.example', why: 'She told us herself' };
  await world.connectFyi({ policy: { identityChange: 'hold' }, schedule: 'hourly' });
  const store = await book.store();
  const idOf = async (text: string) => (await store.search({ text, limit: 1 })).contacts[0]?.id ?? '';
  const jane = await idOf('jane.roe');
  await book.forceManual(jane, signed);
  await book.edit(jane, { email: 'jane@roe-consulting.example' }, signed);
  await book.add({ name: 'Walter Walk-In', email: 'walter@walkin.example', phone: null }, signed);
  fyi.updateContact('f1', { mobile: '0400 000 555' });
  fyi.updateContact('f5', { name: 'Robin Patel-Smith', email: 'robin@elsewhere.example' });
  fyi.updateContact('f7', { email: 'aroha@' });
  await world.sync();
  fyi.updateContact('f3', { name: 'Kāra Walsh' });
  fyi.updateContact('f4', { mobile: '0400 000 321' });
  fyi.updateContact('f11', { email: 'tomas@new-address.example' });

  let browser: Browser | null = null;
  try {
    browser = await startBrowser();
    await mkdir(folder ?? '', { recursive: true });
    const ada = await enters(browser, world, 'ada', { width: 1100 });
    const { page } = ada;
    // The clock of the service was put forward, and this one goes with it.
    await page.clock.setFixedTime(clock.now());
    await page.reload();
    await page.setViewportSize({ width: 1100, height: 720 });
    const picture = (name: string) => page.screenshot({ path: join(folder ?? '', `${name}.png`) });
    await ada.sees('25 contacts');
    await picture('contacts');
    await ada.go(`/contacts/${encodeURIComponent(jane)}`);
    await ada.sees('The contact, and what the source says');
    await picture('contact');
    await ada.go('/review');
    await ada.sees('Robin Patel-Smith');
    await picture('review');
    await ada.go('/sync');
    await ada.press(/^Preview/);
    await ada.sees('Approve this plan');
    await page.locator('summary', { hasText: 'updated' }).first().click();
    await ada.sees('Kāra Walsh');
    await page.setViewportSize({ width: 1100, height: 1150 });
    await page.evaluate('scrollTo(0, 0)');
    await picture('preview');
    await ada.leave();
  } finally {
    await browser?.close();
  }
  expect(folder).not.toBe('');
});

test.runIf(folder !== undefined)('what operators see of a fleet', { timeout: 180_000 }, async () => {
  const fleet = await demoFleet({ holders });
  let browser: Browser | null = null;
  try {
    await seedFleet(fleet, 2400);
    browser = await startBrowser();
    await mkdir(folder ?? '', { recursive: true });
    const ada = personOf(await visiting(browser, [fleet.url], { width: 1100 }), fleet.url);
    await ada.go('/open?token=ada');
    await ada.sees(/^2,\d+ connections of 2,\d+ firms$/);
    await ada.page.getByRole('list', { name: 'Connections' }).getByRole('listitem').first().waitFor();
    await ada.page.setViewportSize({ width: 1100, height: 1000 });
    await ada.page.screenshot({ path: join(folder ?? '', 'fleet.png') });
    await ada.leave();
  } finally {
    await browser?.close();
    await fleet.close();
  }
  expect(folder).not.toBe('');
});
