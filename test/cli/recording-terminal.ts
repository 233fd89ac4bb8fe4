/** A terminal that remembers what was written to it. */
import type { Terminal } from '../../src/cli/support/command.ts';

/** Lines of standard output in `out`, of standard error in `err`. */
export interface RecordingTerminal extends Terminal {
  out: string[];
  err: string[];
}

export function recordingTerminal(changes: Partial<Terminal> = {}): RecordingTerminal {
  const out: string[] = [];
  const err: string[] = [];
  return {
    out,
    err,
    print: (line) => out.push(line),
    warn: (line) => err.push(line),
    status: () => {},
    cwd: process.cwd(),
    env: {},
    interrupted: new AbortController().signal,
    ...changes,
  };
}
