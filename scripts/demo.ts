import { spawnSync } from 'node:child_process';

// What `npm run demo` does once Node and pnpm are there. Installing and building say something only when they fail:
// what a newcomer should see is the demo.
const steps = [
  ['Installing', 'pnpm install --frozen-lockfile'],
  ['Building', 'pnpm build'],
] as const;

for (const [what, command] of steps) {
  process.stderr.write(`${what} …\n`);
  const { status, stdout, stderr } = spawnSync(command, { shell: true, encoding: 'utf8' });
  if (status === 0) continue;
  process.stderr.write(`${stdout}${stderr}\n${what} failed: this is what \`${command}\` printed.\n`);
  process.exit(status ?? 1);
}

const env = { ...process.env, CONTACT_SYNC_CALLED: 'npm run --silent contact-sync --' };
process.exitCode =
  spawnSync(process.execPath, ['packages/runner/dist/cli.js', 'demo'], { stdio: 'inherit', env }).status ?? 1;
