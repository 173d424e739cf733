#!/usr/bin/env node
import { main } from './main.js';
import { processTerminal } from './process-terminal.js';

process.exitCode = await main(process.argv.slice(2), processTerminal());

// A connector that does not hear that it should stop holds up no end of the service: what it reads is not used any more.
if (process.argv[2] === 'serve') setTimeout(() => process.exit(), 2000).unref();
