import { PassThrough, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { readLine } from './read-line.js';

/** A terminal: `typed` is what a person types, `shown` what they see. */
function aTerminal() {
  let shown = '';
  let shownWithEcho = '';
  const setRawMode = (raw: boolean) => {
    if (raw) shownWithEcho = shown;
  };
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode });
  const output = new Writable({
    write(text, _encoding, done) {
      shown += String(text);
      done();
    },
  });
  return {
    input: input as unknown as ReadStream,
    output: output as unknown as WriteStream,
    type: (text: string) => input.write(text),
    end: () => input.end(),
    shown: () => shown,
    /** What stood there while the terminal itself still showed what is typed. */
    shownWithEcho: () => shownWithEcho,
  };
}

const interrupt = () => {};
const never = new AbortController().signal;

test('a hidden line is read, and nothing of it is shown', async () => {
  const { input, output, type, shown, shownWithEcho } = aTerminal();
  const line = readLine('Key: ', { hidden: true, signal: never, input, output, interrupt });
  type('canaryy\u007f-7');
  type('1\r');
  expect(await line).toBe('canary-71');
  expect(shown()).toBe('Key: \n');
  expect(shownWithEcho()).toBe('');
});

test('a line that is not hidden is shown while it is typed', async () => {
  const { input, output, type, shown } = aTerminal();
  const line = readLine('Which? ', { hidden: false, signal: never, input, output, interrupt });
  type('1, 2\r');
  expect(await line).toBe('1, 2');
  expect(shown()).toContain('1, 2');
});

test('the end of the input, and a question that is withdrawn, are no line', async () => {
  const one = aTerminal();
  const ended = readLine('Key: ', { hidden: true, signal: never, input: one.input, output: one.output, interrupt });
  one.end();
  expect(await ended).toBeNull();

  const other = aTerminal();
  const abort = new AbortController();
  const withdrawn = readLine('Paste: ', {
    hidden: false,
    signal: abort.signal,
    input: other.input,
    output: other.output,
    interrupt,
  });
  abort.abort();
  expect(await withdrawn).toBeNull();
  const late = readLine('Paste: ', {
    hidden: false,
    signal: abort.signal,
    input: other.input,
    output: other.output,
    interrupt,
  });
  expect(await late).toBeNull();
});

test('Ctrl-C interrupts, also where it is a key like others', async () => {
  const { input, output, type } = aTerminal();
  const abort = new AbortController();
  const options = { hidden: true, signal: abort.signal, input, output, interrupt: () => abort.abort() };
  const line = readLine('Key: ', options);
  type('canary\u0003');
  expect(await line).toBeNull();
  expect(abort.signal.aborted).toBe(true);
});
