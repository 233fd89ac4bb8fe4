/** The process's own terminal: lines, and one status line that is redrawn in place. */
import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from './command.ts';

/** What is used of a process, so that tests can pass streams of their own. */
export interface TerminalProcess {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  env: NodeJS.ProcessEnv;
  cwd(): string;
}

/** Writes lines to the process's streams. The status line goes to standard error, and only to a terminal. */
export function createTerminal(process: TerminalProcess, interrupted: AbortSignal): Terminal {
  const { stdout, stderr } = process;
  let statusShown = false;
  const clearStatus = () => {
    if (statusShown) stderr.write('\r\x1b[K');
    statusShown = false;
  };
  return {
    cwd: process.cwd(),
    env: process.env,
    interrupted,
    print(line) {
      clearStatus();
      stdout.write(`${line}\n`);
    },
    warn(line) {
      clearStatus();
      stderr.write(`${line}\n`);
    },
    status(line) {
      if (!stderr.isTTY) return;
      clearStatus();
      const fitting = stripVTControlCharacters(line).slice(0, (stderr.columns ?? 80) - 1);
      if (fitting) stderr.write(fitting);
      statusShown = fitting !== '';
    },
  };
}
