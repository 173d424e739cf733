import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEvents } from './events.js';

/** A line to the server, as a browser has one: the test says what comes over it. */
class Line extends EventTarget {
  static readonly CLOSED = 2;
  static readonly lines: Line[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    Line.lines.push(this);
  }
  opens() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  tells(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
  fails(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }
  close() {
    this.readyState = Line.CLOSED;
  }
}

/** A tab that somebody looks at, or not. */
class Tab extends EventTarget {
  hidden = false;
  turns(hidden: boolean) {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

const open = (tab = new Tab()) => openEvents('/events', Line as unknown as typeof EventSource, tab);

beforeEach(() => {
  vi.useFakeTimers();
  Line.lines.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test('who listens hears, until they do not want to any more', () => {
  const events = open();
  const heard = vi.fn();
  const end = events.on('connection', heard);
  Line.lines[0]?.tells('connection', { book: 'main', source: 'xpm:t' });
  Line.lines[0]?.tells('run', { book: 'main' });
  expect(heard.mock.calls).toEqual([[{ book: 'main', source: 'xpm:t' }]]);
  end();
  Line.lines[0]?.tells('connection', { book: 'main', source: 'xpm:t' });
  expect(heard).toHaveBeenCalledTimes(1);
});

test('a line that the browser gave up is opened anew, ever later, and who listens is told when it is back', () => {
  const events = open();
  const back = vi.fn();
  events.onBack(back);
  Line.lines[0]?.opens();
  expect(back).not.toHaveBeenCalled();
  Line.lines[0]?.fails(Line.CLOSED);
  vi.advanceTimersByTime(1999);
  expect(Line.lines).toHaveLength(1);
  vi.advanceTimersByTime(1);
  Line.lines[1]?.fails(Line.CLOSED);
  vi.advanceTimersByTime(3999);
  expect(Line.lines).toHaveLength(2);
  vi.advanceTimersByTime(1);
  Line.lines[2]?.opens();
  expect(back).toHaveBeenCalledTimes(1);
});

test('while the browser tries by itself, nobody else does; a closed one stays closed', () => {
  const events = open();
  Line.lines[0]?.fails(0);
  vi.advanceTimersByTime(100_000);
  expect(Line.lines).toHaveLength(1);
  Line.lines[0]?.fails(Line.CLOSED);
  events.close();
  vi.advanceTimersByTime(100_000);
  expect(Line.lines).toHaveLength(1);
});

test('a tab that nobody looks at has no line; when somebody does again, what was missed is read', () => {
  const tab = new Tab();
  const events = open(tab);
  const back = vi.fn();
  events.onBack(back);
  Line.lines[0]?.opens();
  tab.turns(true);
  expect(Line.lines[0]?.readyState).toBe(Line.CLOSED);
  vi.advanceTimersByTime(120_000);
  expect(Line.lines).toHaveLength(1);
  tab.turns(false);
  Line.lines[1]?.opens();
  expect([Line.lines.length, back.mock.calls.length]).toEqual([2, 1]);
  events.close();
  tab.turns(true);
  tab.turns(false);
  expect(Line.lines).toHaveLength(2);
});

test('a tab that is opened behind another waits until somebody looks', () => {
  const tab = new Tab();
  tab.hidden = true;
  open(tab);
  expect(Line.lines).toHaveLength(0);
  tab.turns(false);
  expect(Line.lines).toHaveLength(1);
});
