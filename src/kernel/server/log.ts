/** The kernel's log: one line on stderr for what a person running the server may want to know. Never a key, never a cell's code. */

/** Writes a line to the log. */
export type Log = (line: string) => void;

/** Logs to stderr, as Jupyter collects it. */
export const logToStderr: Log = (line) => {
  process.stderr.write(`[tsbert kernel] ${line}\n`);
};
