/** What can go wrong with a notebook or the kernel that runs it, each with its data and the remedy. */

/** A file that is not an nbformat 4 notebook. */
export class NotebookFormatError extends Error {
  override readonly name = 'NotebookFormatError';
  /** The file, as it was named. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
  }
}

/** A kernel that could not be started, or did not answer after its start. */
export class KernelStartError extends Error {
  override readonly name = 'KernelStartError';
  /** The kernel's command. */
  readonly argv: readonly string[];

  constructor(argv: readonly string[], problem: string, stderr = '') {
    const told = stderr.trim() ? `\n${stderr.trim()}` : '';
    super(`Cannot start the kernel with ${argv[0] ?? '(empty command)'}: ${problem}${told}`);
    this.argv = argv;
  }
}

/** A kernel that ended, or fell silent, while work was waiting for it. */
export class DeadKernelError extends Error {
  override readonly name = 'DeadKernelError';

  /** @param cause how it ended, such as `exit code 1` */
  constructor(cause: string, stderr = '') {
    const told = stderr.trim() ? `\n${stderr.trim()}` : '';
    super(
      `The kernel died (${cause}). Run the notebook again; if it dies at the same cell, look there.${told}`,
    );
  }
}

/** A cell that ran longer than it was allowed to. */
export class CellTimeoutError extends Error {
  override readonly name = 'CellTimeoutError';
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`The cell ran longer than ${timeoutMs / 1000} s and was interrupted. Allow more time.`);
    this.timeoutMs = timeoutMs;
  }
}
