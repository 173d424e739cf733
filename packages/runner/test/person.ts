import type { LineOptions, Terminal } from '../src/terminal.js';

/** A person at a terminal who gives these lines in turn, then nothing more until the question is withdrawn. */
export function typing(...lines: readonly (string | null)[]) {
  const left = [...lines];
  const prompts: { readonly prompt: string; readonly hidden: boolean }[] = [];
  const readLine: Terminal['readLine'] = async (prompt, { hidden, signal }: LineOptions) => {
    prompts.push({ prompt, hidden });
    const line = left.shift();
    if (line !== undefined) return line;
    return await new Promise((resolve) => {
      if (signal.aborted) resolve(null);
      signal.addEventListener('abort', () => resolve(null));
    });
  };
  return { isInteractive: true, readLine, prompts };
}

/** Where the vendor's page sends the browser, once somebody has agreed there. */
export async function redirectOf(url: string): Promise<string> {
  const { headers } = await fetch(url, { redirect: 'manual' });
  const location = headers.get('location');
  if (location === null) throw new Error(`The page at ${url} did not send the browser on.`);
  return location;
}

/** A browser whose user agrees at once. Remembers what the last page said. */
export function browser() {
  const pages: string[] = [];
  const openBrowser: Terminal['openBrowser'] = async (url) => {
    const redirect = await redirectOf(url);
    // Not waited for: a real browser is another program.
    void fetch(redirect).then(
      async (answer) => pages.push(await answer.text()),
      (error: unknown) => pages.push(String(error)),
    );
    return true;
  };
  return { openBrowser, pages };
}

/** The address that a command asks somebody to open. */
export function askedAddress(errors: string): string {
  const address = /^ {2}(https?:\S+)$/m.exec(errors)?.[1];
  if (address === undefined) throw new Error(`Nobody was asked to open an address: ${errors}`);
  return address;
}

/** Visits the address as soon as it is shown. */
export function visiting(): Terminal['err'] {
  let seen = '';
  return (text) => {
    seen += text;
    if (text.includes('Open this address')) void redirectOf(askedAddress(seen)).then((address) => fetch(address));
  };
}
