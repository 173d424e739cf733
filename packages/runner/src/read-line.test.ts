import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { readLine } from './read-line.js';

/** A terminal: `typed` is what a person types, `shown` what they see. */
function aTerminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = new PassThrough();
  let shown = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  return {
    input: input as unknown as ReadStream,
    output: output as unknown as WriteStream,
    type: (text: string) => input.write(text),
    end: () => input.end(),
    shown: () => shown,
  };
}

const never = new AbortController().signal;

test('a hidden line is read, and nothing of it is shown', async () => {
  const { input, output, type, shown } = aTerminal();
  const line = readLine('Key: ', { hidden: true, signal: never, input, output });
  type('canaryy\u007f-7');
  type('1\r');
  expect(await line).toBe('canary-71');
  expect(shown()).toBe('Key: \n');
});

test('a line that is not hidden is shown while it is typed', async () => {
  const { input, output, type, shown } = aTerminal();
  const line = readLine('Which? ', { hidden: false, signal: never, input, output });
  type('1, 2\r');
  expect(await line).toBe('1, 2');
  expect(shown()).toContain('1, 2');
});

test('the end of the input, and a question that is withdrawn, are no line', async () => {
  const one = aTerminal();
  const ended = readLine('Key: ', { hidden: true, signal: never, input: one.input, output: one.output });
  one.end();
  expect(await ended).toBeNull();

  const other = aTerminal();
  const abort = new AbortController();
  const withdrawn = readLine('Paste: ', {
    hidden: false,
    signal: abort.signal,
    input: other.input,
    output: other.output,
  });
  abort.abort();
  expect(await withdrawn).toBeNull();
  const late = readLine('Paste: ', { hidden: false, signal: abort.signal, input: other.input, output: other.output });
  expect(await late).toBeNull();
});
