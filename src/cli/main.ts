#!/usr/bin/env node
/** The `tsbert` program: gives the process's terminal to the command that was called. */
import { runCli } from './commands.ts';
import { createTerminal } from './support/terminal.ts';

const stop = new AbortController();
process.on('SIGINT', () => {
  // A second Ctrl-C is meant at once.
  if (stop.signal.aborted) process.exit(130);
  stop.abort('SIGINT');
});
process.on('SIGTERM', () => stop.abort('SIGTERM'));
// A reader that has seen enough (such as `head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), createTerminal(process, stop.signal));
