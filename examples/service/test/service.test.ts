import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const file = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** Of a unit: `Service.User` and its values, in order. */
function unitOf(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  let section = '';
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, title] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (title !== undefined) section = title;
    else if (name === undefined) throw new Error(`This is no line of a unit: ${line}`);
    else values.set(`${section}.${name}`, [...(values.get(`${section}.${name}`) ?? []), value ?? '']);
  }
  return values;
}

/** The instructions of a container file, with their continued lines. */
function instructionsOf(text: string): { readonly name: string; readonly rest: string }[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      if (name === undefined || rest === undefined) throw new Error(`This is no instruction: ${line}`);
      return { name, rest };
    });
}

test('the unit runs serve as a user of its own, ends it softly, and starts it again', () => {
  const unit = unitOf(file('contact-sync.service'));
  const one = (name: string) => unit.get(`Service.${name}`)?.join(' ');
  expect(one('ExecStart')).toBe('/opt/contact-sync/node_modules/.bin/contact-sync serve');
  expect([one('User'), one('Restart'), one('RestartPreventExitStatus')]).toEqual(['contact-sync', 'on-failure', '2']);
  // The service ends its runs within 20 seconds.
  expect(Number(one('TimeoutStopSec')?.replace('s', ''))).toBeGreaterThan(20);
  expect([one('ProtectSystem'), one('NoNewPrivileges'), one('CapabilityBoundingSet')]).toEqual(['strict', 'yes', '']);
  // Node makes code while it runs.
  expect(unit.has('Service.MemoryDenyWriteExecute')).toBe(false);
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test.skipIf(!hasSystemd)('systemd understands every line of the unit, and calls it well shut', () => {
  const folder = mkdtempSync(join(tmpdir(), 'contact-sync-unit-'));
  try {
    // Its program is not installed here; another that is there takes its place.
    const unit = file('contact-sync.service').replace(
      '/opt/contact-sync/node_modules/.bin/contact-sync',
      process.execPath,
    );
    const path = join(folder, 'contact-sync.service');
    writeFileSync(path, unit);
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
    const about = verified.stderr.split('\n').filter((line) => line.includes('contact-sync.service'));
    expect([verified.error, about]).toEqual([undefined, []]);
    writeFileSync(path, `${unit}\nNoSuchThing=yes\n`.replace('[Install]', 'Nonsense=1\n[Install]'));
    expect(spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' }).stderr).toContain(
      'Nonsense',
    );
    writeFileSync(path, unit);
    // From 0, well shut, to 100, wide open.
    const exposure = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=20', path], {
      encoding: 'utf8',
    });
    expect([exposure.status, exposure.stdout.split('\n').at(-2)]).toEqual([
      0,
      expect.stringContaining('exposure level'),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the example of the environment names what the unit needs, and no secret', () => {
  const lines = file('environment.example').split('\n');
  const set = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split('=')[0]);
  expect(set).toEqual(['CONTACT_SYNC_STORE', 'CONTACT_SYNC_KEY_FILE']);
  expect(lines.every((line) => line === '' || /^(#|#?CONTACT_SYNC_[A-Z_]+=\S+$)/.test(line))).toBe(true);
});

test('the container runs node itself, as nobody special, and can be asked how it is', () => {
  const instructions = instructionsOf(file('Containerfile'));
  const known = [
    'FROM',
    'ARG',
    'WORKDIR',
    'RUN',
    'ENV',
    'COPY',
    'VOLUME',
    'USER',
    'EXPOSE',
    'STOPSIGNAL',
    'HEALTHCHECK',
    'ENTRYPOINT',
    'CMD',
  ];
  expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
  const of = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
  // In this form no shell stands between, so that SIGTERM reaches the program.
  const words = [...JSON.parse(of('ENTRYPOINT')[0] ?? ''), ...JSON.parse(of('CMD')[0] ?? '')];
  expect(words).toEqual(['node', 'node_modules/@contact-sync/runner/dist/cli.js', 'serve', '--listen', '0.0.0.0:8484']);
  expect([of('USER'), of('STOPSIGNAL'), of('VOLUME')]).toEqual([['node'], ['SIGTERM'], ['/data']]);
  const check = JSON.parse(/CMD (\[.*\])$/.exec(of('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]');
  const parses = spawnSync(process.execPath, ['--check', '--input-type=module'], { input: check[2] });
  expect([check.length, parses.status]).toEqual([3, 0]);
});
