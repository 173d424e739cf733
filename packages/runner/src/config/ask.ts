import { ContactSyncError } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';

/**
 * Asks until the answer will do; an empty line takes what is proposed.
 *
 * @param check gives what is wrong with an answer, as a sentence, or null
 * @throws ContactSyncError `cancelled` where nobody answers
 */
export async function askFor(
  terminal: Terminal,
  question: string,
  proposed: string,
  check: (answer: string) => string | null = () => null,
): Promise<string> {
  for (;;) {
    const line = await terminal.readLine(`${question} [${proposed}] `, { hidden: false, signal: terminal.signal });
    if (line === null || terminal.signal.aborted) {
      throw new ContactSyncError('cancelled', 'Nothing was written.', { hint: 'Begin again when you like.' });
    }
    const answer = line.trim() === '' ? proposed : line.trim();
    const problem = check(answer);
    if (problem === null) return answer;
    terminal.err(`${problem}\n`);
  }
}

export async function askWhether(terminal: Terminal, question: string): Promise<boolean> {
  const answer = await askFor(terminal, question, 'yes', (text) =>
    /^(y|yes|n|no)$/i.test(text) ? null : 'Yes or no?',
  );
  return /^y/i.test(answer);
}
