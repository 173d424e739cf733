import type { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command reads and writes: the real terminal, or a test. */
export type Terminal = {
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress, questions and errors. */
  readonly err: (text: string) => void;
  /** Whether a person sees results, and can be asked. */
  readonly isInteractive: boolean;
  /** Whether progress can be shown. */
  readonly showsProgress: boolean;
  /** Columns. */
  readonly width: number;
  /** For what goes to `out`. */
  readonly style: (style: Style, text: string) => string;
  /** For what goes to `err`: the one may be a terminal and the other a file. */
  readonly styleErr: (style: Style, text: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly user: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly readStdin: () => Promise<string>;
  readonly ask: (question: string) => Promise<boolean>;
  /** A line that a person types. Hidden is for secrets: it is not shown. Null where they gave none, or the signal aborted. */
  readonly readLine: (prompt: string, options: LineOptions) => Promise<string | null>;
  /** Shows a page to the person. False where there is no browser to show it in. */
  readonly openBrowser: (url: string) => Promise<boolean>;
};

export type LineOptions = { readonly hidden: boolean; readonly signal: AbortSignal };

/** How a person calls this command line, for the commands that are shown to be copied. */
export function calledAs({ env }: Terminal): string {
  return env.CONTACT_SYNC_CALLED ?? 'npx contact-sync';
}
