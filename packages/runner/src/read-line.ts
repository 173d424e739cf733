import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { LineOptions } from './terminal.js';

type Streams = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** What Ctrl-C does: while a line is read it is a key like others, and no signal. */
  readonly interrupt: () => void;
};

/** A line from the terminal. Hidden, the terminal's own echo is off and nothing of the line is written. */
export function readLine(prompt: string, { hidden, signal, input, output, interrupt }: LineOptions & Streams) {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  // With `terminal` it is readline that echoes, and not the terminal itself.
  const lines = createInterface({
    input,
    output: hidden ? silent : output,
    terminal: input.isTTY === true,
    prompt,
  });
  // Only now that the terminal's echo is off: somebody may paste as soon as they see it.
  if (hidden) output.write(prompt);
  else lines.prompt();
  return new Promise<string | null>((resolve) => {
    const end = (line: string | null) => {
      signal.removeEventListener('abort', gone);
      lines.off('close', gone);
      lines.close();
      if (hidden || line === null) output.write('\n');
      resolve(line);
    };
    const gone = () => end(null);
    lines
      .once('line', end)
      .once('close', gone)
      .once('SIGINT', () => {
        interrupt();
        gone();
      });
    signal.addEventListener('abort', gone);
    if (signal.aborted) gone();
  });
}
