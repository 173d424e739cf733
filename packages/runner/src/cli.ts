#!/usr/bin/env node
import { main } from './main.js';
import { processTerminal } from './process-terminal.js';

process.exitCode = await main(process.argv.slice(2), processTerminal());
