import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

export type Look = { readonly width?: number; readonly colorScheme?: 'light' | 'dark' };
export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * What must never happen: a script that runs and is none of ours, something that the policy keeps out, a dialog of the
   * browser, an error of the page or of the service, a request to anybody else.
   */
  readonly faults: readonly string[];
};

/** A person with a browser of their own. `places`: whose pages may be asked for. */
export async function visiting(
  browser: Browser,
  places: readonly string[],
  { width = 1280, colorScheme = 'light', headers = {} }: Look & { readonly headers?: Record<string, string> } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    ...{ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' },
    ...{ locale: 'en-AU', timezoneId: 'Australia/Sydney', extraHTTPHeaders: headers },
  });
  context.setDefaultTimeout(30_000);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // The browser tells of every answer that is an error; refusals, a system's too, are looked at where they are shown.
    if (!/the server responded with a status of (4\d\d|502)/.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (!places.includes(origin) && protocol !== 'blob:') faults.push(`asked for ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500 && response.status() !== 502) faults.push(`${response.status()} ${response.url()}`);
  });
  return { page, context, faults };
}

/** What axe finds wrong with a page, in words: rule, then the first places. Empty where it finds nothing. */
export async function axeFaults(page: Page): Promise<string[]> {
  // A policy forbids what axe would need to be put into the page; so it is looked at through the inspector.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))}`);
  });
}

/** What is wider than the window: a person would have to scroll sideways. */
export async function tooWide(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
    return [scrollWidth + ' pixels', ...wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
  })()`);
}
