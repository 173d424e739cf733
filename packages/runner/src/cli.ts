#!/usr/bin/env node
import { version } from './version.js';

const args = process.argv.slice(2);

// Scripts ask for it again and again, and nothing else has to be loaded for it.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) process.stdout.write(`${version()}\n`);
else {
  const { main } = await import('./main.js');
  const { processTerminal } = await import('./process-terminal.js');
  process.exitCode = await main(args, processTerminal());
}

// A connector that does not hear that it should stop holds up no end of the service: what it reads is not used any more.
if (args[0] === 'serve' || args[0] === 'worker') setTimeout(() => process.exit(), 2000).unref();
