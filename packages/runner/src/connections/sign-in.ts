import { ContactSyncError, type GrantPlace, type OpenSignIn } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { type Loopback, listenForRedirect, redirectUriOf } from './loopback.js';

/** How the browser's answer comes back. `uri`: one that is registered with the vendor and is not ours to listen on. */
export type Redirect = { readonly port: number; readonly uri: string | undefined; readonly browser: boolean };

/** For how long a person may take to sign in. */
const patienceMs = 15 * 60_000;

/** Has a person sign in with a browser, on this machine or on another one, and keeps the grant in its place. */
export async function signInWithBrowser(
  terminal: Terminal,
  opened: OpenSignIn,
  place: GrantPlace,
  { port, uri, browser }: Redirect,
): Promise<void> {
  const { signal } = terminal;
  if (uri !== undefined && !terminal.isInteractive) throw nobodyToPaste();
  let state: string | null = null;
  const loopback = uri === undefined ? await listenForRedirect(port, () => state) : null;
  try {
    const redirectUri = uri ?? redirectUriOf(loopback?.port ?? port);
    const begun = await opened.begin({ redirectUri });
    state = new URL(begun.url).searchParams.get('state');
    terminal.err(`Open this address, sign in and allow access:\n\n  ${begun.url}\n\n`);
    if (browser && terminal.isInteractive && isPage(begun.url)) await terminal.openBrowser(begun.url);
    const redirected = await answer(terminal, loopback);
    await begun.finish(redirected, { ...place, signal });
  } finally {
    await loopback?.close();
  }
}

/** Whichever comes first: the browser of this machine, or an address that a person brings from another one. */
async function answer(terminal: Terminal, loopback: Loopback | null): Promise<string> {
  const over = new AbortController();
  const patience = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([terminal.signal, patience, over.signal]);
  const stopped = new Promise<never>((_, fail) => {
    const stop = () => fail(notSignedIn(!patience.aborted));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    const ways: Promise<string>[] = [stopped];
    if (loopback !== null) ways.push(loopback.redirected);
    if (terminal.isInteractive) ways.push(pasted(terminal, loopback !== null, signal));
    return await Promise.race(ways);
  } finally {
    over.abort();
  }
}

async function pasted(terminal: Terminal, listens: boolean, signal: AbortSignal): Promise<string> {
  const prompt = listens
    ? 'Waiting for the browser. If it is on another machine, it ends at a page that cannot be opened:\npaste the address of that page here: '
    : 'Paste the address of the page at which the browser ends: ';
  for (;;) {
    const line = await terminal.readLine(prompt, { hidden: false, signal });
    if (line === null) {
      // The end of the input is no answer: the browser may still give one. If it was withdrawn, others say why.
      if (listens || signal.aborted) return await new Promise<never>(() => {});
      throw notSignedIn(true);
    }
    if (line.trim() !== '') return line.trim();
  }
}

function isPage(url: string): boolean {
  return /^https?:$/.test(new URL(url).protocol);
}

function nobodyToPaste(): ContactSyncError {
  return new ContactSyncError('usage', 'Nobody can paste the address that the browser ends at.', {
    hint: 'With --redirect-uri, connect at a terminal. Without it, contact-sync itself waits for the browser.',
  });
}

function notSignedIn(cancelled: boolean): ContactSyncError {
  const message = cancelled ? 'The sign-in was cancelled.' : 'Nobody signed in within 15 minutes.';
  return new ContactSyncError('cancelled', message, { hint: 'Nothing was stored. Connect again when you like.' });
}
