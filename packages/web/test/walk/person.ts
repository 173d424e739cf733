import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Look, type Visit, visiting } from './visit.js';
import type { World } from './world.js';

/** Who may come in with which link, again and again. */
export const holders = {
  ada: { user: 'ada@firm.example', role: 'administrator' },
  vic: { user: 'vic@firm.example', role: 'viewer' },
} as const;

export type Person = Visit & {
  /** Opens a path of the page. */
  go(path: string): Promise<void>;
  /** Waits until a text can be seen. */
  sees(text: string | RegExp): Promise<void>;
  /** Presses a button, by its name. */
  press(name: string | RegExp): Promise<void>;
  follow(name: string | RegExp): Promise<void>;
  type(label: string | RegExp, text: string): Promise<void>;
  /** The heading of the page, once it is this one. */
  isAt(heading: string | RegExp): Promise<void>;
  /** Leaves, and nothing happened that must not. */
  leave(): Promise<void>;
};

/** Somebody who has come in with a link. */
export async function enters(
  browser: Browser,
  world: World,
  who: keyof typeof holders = 'ada',
  look: Look = {},
): Promise<Person> {
  const person = personOf(await visiting(browser, world.places, look), world.url);
  await person.go(`/open?token=${who}`);
  await person.isAt('Contacts');
  return person;
}

/** What people do, in their words: where something is not there yet, they wait. */
export function personOf(visit: Visit, url: string): Person {
  const { page, context, faults } = visit;
  return {
    ...visit,
    async go(path) {
      await page.goto(url + path);
    },
    async sees(text) {
      await page
        .getByText(text)
        .filter({ visible: true })
        .first()
        .waitFor()
        .catch(async (error: Error) => {
          throw new Error(`${error.message}\nThe page shows: ${await page.locator('body').textContent()}`);
        });
    },
    press: (name) => theOne(page, 'button', name).click(),
    follow: (name) => theOne(page, 'link', name).click(),
    type: (label, text) => page.getByRole('textbox', { name: label }).fill(text),
    isAt: (heading) => theOne(page, 'heading', heading, 1).waitFor(),
    async leave() {
      await context.close();
      expect(faults).toEqual([]);
    },
  };
}

/** By its whole name; of those in a dialog where one is open, for the rest cannot be reached then. */
function theOne(page: Page, role: 'button' | 'link' | 'heading', name: string | RegExp, level?: number) {
  const exactly = typeof name === 'string' ? { exact: true } : {};
  return page.getByRole(role, { name, ...exactly, ...(level === undefined ? {} : { level }) });
}
