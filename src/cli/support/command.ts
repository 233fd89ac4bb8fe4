/** What a command of the `tsbert` program is made of, and what it may use of the terminal. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** One command: a file of its own in this folder, named in `commands.ts`. */
export interface Command {
  /** How it is called, and every flag with what it does. Printed by `tsbert NAME --help`. */
  readonly help: string;
  /** @returns the exit code. Errors thrown end as one line and exit code 1, a UsageError as exit code 2. */
  run(args: string[], terminal: Terminal): Promise<number>;
}

/** Where a command writes and what it knows of its surroundings. Tests pass a recording one. */
export interface Terminal {
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Writes a line to standard error. */
  warn(line: string): void;
  /** Shows one line that the next status or line overwrites; empty removes it. Nothing where there is no terminal. */
  status(line: string): void;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C; the reason is the signal's name, SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
}

/** A command line that makes no sense: the message names the flag or argument. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Named, so that declaration files can tell it. */
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>;

/**
 * Reads flags and positional arguments.
 * @throws UsageError on a flag that is not in `options`, or one without its value
 * @example parseFlags(['a.ipynb', '--output', 'b.ipynb'], { output: { type: 'string' } }).values.output // 'b.ipynb'
 */
export function parseFlags<const O extends Options>(args: string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node adds advice on `--` that fits none of our commands: its first sentence names the flag.
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError(problem.split(/\. |\n/)[0]?.replace(/\.?$/, '.') ?? problem);
  }
}

/** The only positional argument. @throws UsageError when there is none, or a second */
export function onlyArgument(positionals: readonly string[], name: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw new UsageError(`${name} is missing.`);
  if (second !== undefined) throw new UsageError(`One ${name} is expected; '${second}' is one too many.`);
  return first;
}
