import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { connectMock, type Demo, demoService } from './demo-service.js';
import { enter } from './people.js';

/*
 * How fast the page is with many contacts, in a real browser and against the real service on SQLite:
 *
 *   npm run measure:web
 *
 * Figures depend on the machine, so nothing fails by them.
 */

const { values } = parseArgs({ options: { contacts: { type: 'string', default: '100000' } } });
const wanted = Number(values.contacts);
const searched = [
  'smith',
  'jane',
  'a',
  'an',
  'example.com',
  'mar',
  '0400',
  'nobody at all',
  'wil',
  'lee',
  'jones',
  'x',
];
const say = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'contact-sync-measure-'));
const demo = await demoService({
  folder,
  systems: { xpm: { contacts: wanted } },
  holders: { ada: { user: 'ada', role: 'administrator' } },
});
const browser = await startBrowser();
try {
  const ran = Promise.withResolvers<void>();
  demo.host.subscribe((event) => event.type === 'run' && event.kind === 'sync' && ran.resolve());
  await connectMock(demo, 'xpm');
  await ran.promise;
  const { count } = await (await enter(demo.url, 'ada'))
    .ask('/api/v1/books/default/contacts/count')
    .then(({ json }) => json);
  const [cpu] = cpus();
  say(`${count.toLocaleString('en')} contacts on SQLite; Node ${process.version}, Chromium ${browser.version()}`);
  say(
    `${availableParallelism()} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 1024 ** 3)} GB; browser and service share them`,
  );
  await measureFirst(browser, demo);
  for (const slower of [1, 4]) await measureTyping(browser, demo, slower);
  await measureAnswers(demo);
} finally {
  await browser.close();
  await demo.close();
  await rm(folder, { recursive: true, force: true });
}

type First = { readonly answer: number; readonly list: number; readonly shown: number; readonly script: number };

/** From what the service answers to what is seen, with nothing kept from before; and how much JavaScript that takes. */
async function measureFirst(browser: Browser, { url }: Demo): Promise<void> {
  const times: First[] = [];
  for (let round = 0; round < 7; round += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(`
      addEventListener('DOMContentLoaded', () => new MutationObserver((_, observer) => {
        if (document.querySelector('.rows > li') === null) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => {
          globalThis.shownAt = performance.now();
          document.body.classList.add('shown');
        }));
      }).observe(document.body, { childList: true, subtree: true }));`);
    await page.goto(`${url}/open?token=ada`);
    await page.locator('body.shown').waitFor();
    times.push(
      await page.evaluate<First>(`(() => {
        const resources = performance.getEntriesByType('resource');
        const scripts = resources.filter(({ name }) => name.endsWith('.js'));
        return {
          answer: performance.getEntriesByType('navigation')[0].responseStart,
          list: resources.find(({ name }) => /\\/contacts\\?/.test(name)).responseStart,
          shown: globalThis.shownAt,
          script: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
        };
      })()`),
    );
    await context.close();
  }
  const page = times.map(({ shown, answer }) => shown - answer);
  const list = times.map(({ shown, list: answered }) => shown - answered);
  say(`from the answer to the page to the first contacts shown: ${spread(page)} (goal: below 1,000 ms)`);
  say(`from the answer with the contacts to seeing them: ${spread(list)}`);
  say(`JavaScript until then, compressed: ${((times[0]?.script ?? 0) / 1000).toFixed(1)} kB (goal: below 150 kB)`);
}

/** How long the page does not answer while somebody types and scrolls. `slower`: on a machine so many times slower. */
async function measureTyping(browser: Browser, { url }: Demo, slower: number): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/open?token=ada`);
  await page.locator('.rows > li').first().waitFor();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  const machine = slower === 1 ? '' : `, with the browser slowed down ${slower} times`;
  say(`typing in the search${machine}: ${await longestTask(browser, page, () => typeWords(page))}`);
  await page.getByLabel('Search').fill('');
  await found(page);
  await page.mouse.move(600, 600);
  const scroll = async () => {
    for (let turn = 0; turn < 150; turn += 1) await page.mouse.wheel(0, 900);
  };
  say(`scrolling through the list${machine}: ${await longestTask(browser, page, scroll)}`);
  await context.close();
}

async function typeWords(page: Page): Promise<void> {
  const field = page.getByLabel('Search');
  for (const word of ['smith', 'jane', 'a', 'example.com', 'o’brien', '0400', 'nobody at all', 'wil']) {
    await field.fill('');
    await field.pressSequentially(word, { delay: 60 });
    await found(page);
  }
}

/** Once the answer to what was typed last is there. */
async function found(page: Page): Promise<void> {
  await page.locator('.found[aria-busy="false"]').waitFor();
}

type TraceEvent = {
  readonly name: string;
  readonly tid: number;
  readonly pid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
};

/**
 * The longest task of the page's own thread, as the browser's trace has it: by the clock, and what it took of the
 * processor, which is less where other programs want it too.
 */
async function longestTask(browser: Browser, page: Page, work: () => Promise<void>): Promise<string> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(({ name, pid, tid }) => /RunTask$/.test(name) && threads.has(`${pid} ${tid}`));
  const most = (of: (task: TraceEvent) => number | undefined) =>
    Math.round(Math.max(0, ...tasks.map((task) => of(task) ?? 0)) / 1000);
  return `longest task ${most(({ dur }) => dur)} ms, of the processor ${most(({ tdur }) => tdur)} ms (goal: below 100 ms)`;
}

/** What the service takes to answer, one request after the other: searches, and what every page asks for when it opens. */
async function measureAnswers({ url }: Demo): Promise<void> {
  const ada = await enter(url, 'ada');
  const found = searched.map((text) => `text=${encodeURIComponent(text)}`);
  for (const [what, path, queries] of [
    ['a search', 'contacts?limit=200&', found],
    ['the count of a search', 'contacts/count?', found],
    ['the connections', 'connections', ['']],
    ['how many records wait for a person', 'review?limit=1', ['']],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      for (const query of queries) {
        const begun = performance.now();
        await ada.ask(`/api/v1/books/default/${path}${query}`);
        times.push(performance.now() - begun);
      }
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => `${Math.round(times[Math.floor(share * (times.length - 1))] ?? 0)} ms`;
    say(`answer to ${what}: p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)} (${times.length} requests)`);
  }
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b).map(Math.round);
  return `${sorted[Math.floor(sorted.length / 2)]} ms, at most ${sorted.at(-1)} ms`;
}
