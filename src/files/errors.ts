/** What can go wrong when a file is written, in the words of the person who named it. */

/** A file that cannot be written. What stood there before is as it was. */
export class FileWriteError extends Error {
  override readonly name = 'FileWriteError';
  /** The file, as it was named. */
  readonly path: string;
  /** The system's code, such as ENOSPC, where the system refused. */
  readonly code: string | undefined;

  constructor(path: string, problem: string, options?: { cause?: unknown; code?: string | undefined }) {
    super(`${path} cannot be written: ${problem}`, options);
    this.path = path;
    this.code = options?.code;
  }
}

const PROBLEMS: Record<string, string> = {
  ENOSPC: 'the disk is full. Free some space, or name a file on another disk.',
  EDQUOT: 'your quota of the disk is used up. Free some space, or name a file on another disk.',
  EFBIG: 'the file system takes no file of this size. Name a file on another disk.',
  EACCES: 'it may not be written by you. Change its permissions, or name another file.',
  EPERM: 'it may not be written by you. Change its permissions, or name another file.',
  EROFS: 'the disk is read-only. Name a file on another disk.',
  EISDIR: 'it is a folder. Name a file in it.',
  ENOTDIR: 'a file stands where its folder should be. Name a file in a folder.',
  ELOOP: 'its links lead in a circle. Name another file.',
  ENAMETOOLONG: 'its name is too long. Name it shorter.',
  EMFILE: 'too many files are open. Close some programs and try again.',
  ENFILE: 'too many files are open. Close some programs and try again.',
  EIO: 'the disk reports a fault. Name a file on another disk.',
  ENXIO: 'nothing reads at its other end. Name a file.',
  EPIPE: 'nothing reads at its other end any more.',
};

/** The system's error as one about a named file; errors that are none of the system's stay as they are. */
export function explainWriteError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof FileWriteError || typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return error;
  const problem = PROBLEMS[code] ?? `the system answers ${code}. Name another file.`;
  return new FileWriteError(path, problem, { cause: error, code });
}
