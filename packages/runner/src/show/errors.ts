import { type ContactSyncError, errorCodes } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { printable } from './printable.js';

/** What happened, what to do now, and the code. The stack is for those who ask for it. */
export function errorText(terminal: Terminal, error: ContactSyncError, verbose: boolean): string {
  const lines = [
    `${terminal.styleErr('red', 'Error')}: ${multiline(error.message)}`,
    multiline(error.hint),
    ...(error.resumeAt === undefined ? [] : [`It can be taken up again at ${error.resumeAt}.`]),
    ...(error.reference === undefined ? [] : [`Reference for the vendor's support: ${printable(error.reference)}`]),
    terminal.styleErr('dim', `code: ${error.code}`),
    ...(verbose ? causes(error) : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function errorJson(error: ContactSyncError): object {
  const { code, message, hint, resumeAt, reference } = error;
  return {
    error: {
      code,
      title: errorCodes[code].title,
      message,
      hint,
      ...(resumeAt && { resumeAt }),
      ...(reference && { reference }),
    },
  };
}

function causes(error: unknown): string[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [printable(String(error))];
  return [...(error.stack ?? error.message).split('\n').map(printable), ...causes(error.cause)];
}

function multiline(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
