// Reads docs/first-ten-minutes.md: its commands, and what it says of their answers.

export type Step = {
  readonly command: string;
  /** `install`: done by whoever runs the page. `background`: in another terminal, until the end. */
  readonly how: 'run' | 'install' | 'background';
  /** Lines of the answer, in their order. `…` stands for anything within a line. */
  readonly answers: readonly string[];
};

/** Commands stand in blocks of `sh`, a line each; a block of `text` is the answer to the last command before it. */
export function stepsOf(page: string): Step[] {
  const steps: { command: string; how: Step['how']; answers: string[] }[] = [];
  for (const [, language, how = 'run', body = ''] of page.matchAll(
    /^```(sh|text)(?: (install|background))?\n(.*?)^```$/gms,
  )) {
    const lines = body.split('\n').filter((line) => line.trim() !== '');
    if (language === 'sh') steps.push(...lines.map((command) => ({ command, how: how as Step['how'], answers: [] })));
    else steps.at(-1)?.answers.push(...lines);
  }
  return steps;
}

/** The first line that the output does not have, after those before it; null where it has them all. */
export function missingLine(output: string, answers: readonly string[]): string | null {
  const lines = output.split('\n').map(spaced);
  let at = 0;
  for (const answer of answers) {
    const found = lines.findIndex((line, index) => index >= at && patternOf(answer).test(line));
    if (found === -1) return answer;
    at = found + 1;
  }
  return null;
}

function patternOf(answer: string): RegExp {
  return new RegExp(spaced(answer).split('…').map(escaped).join('.*'));
}

/** Tables are as wide as they need: blanks count as one. */
function spaced(line: string): string {
  return line.replace(/\s+/g, ' ').trim();
}

function escaped(text: string): string {
  return text.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
