import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chromium is on this machine; null where there is none, and CHROMIUM does not say. */
const chromiumPath: string | null =
  [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null;

/** CI has a Chromium; whoever has none is told, and tests the rest. */
export const noBrowser = chromiumPath === null && process.env.CI === undefined;

/** A real browser that asks nobody for anything of its own. */
export async function startBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('There is no Chromium. On Debian: apt-get install chromium');
  return await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}
