import { beforeEach, expect, test, vi } from 'vitest';
import { openBrowser } from './open-browser.js';

const { open } = vi.hoisted(() => ({ open: vi.fn() }));
vi.mock('open', () => ({ default: open }));

const url = 'https://vendor.example/authorize';
beforeEach(() => {
  open.mockReset().mockResolvedValue({ on: () => {} });
});

test.each<[string, Record<string, string>, NodeJS.Platform]>([
  ['a display', { DISPLAY: ':0' }, 'linux'],
  ['a display of the newer kind', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux'],
  ['Windows around it', { WSL_DISTRO_NAME: 'Ubuntu' }, 'linux'],
  ['macOS', {}, 'darwin'],
  ['Windows', {}, 'win32'],
])('the browser is opened with %s', async (_, env, platform) => {
  expect(await openBrowser(url, env, platform)).toBe(true);
  expect(open.mock.calls).toEqual([[url]]);
});

test.each<[string, Record<string, string>, NodeJS.Platform]>([
  ['over SSH', { DISPLAY: ':10', SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' }, 'linux'],
  ['over SSH to a Mac', { SSH_TTY: '/dev/ttys1' }, 'darwin'],
  ['without a display', {}, 'linux'],
])('nothing is opened %s', async (_, env, platform) => {
  expect(await openBrowser(url, env, platform)).toBe(false);
  expect(open).not.toHaveBeenCalled();
});

test('a browser that cannot be started is no fault', async () => {
  open.mockRejectedValue(new Error('no browser'));
  expect(await openBrowser(url, { DISPLAY: ':0' }, 'linux')).toBe(false);
});
