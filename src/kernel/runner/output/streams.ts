/** Standard output and error of user code: every write goes to the cell that it comes from, in order. */
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { emitStream } from '../link/link.ts';
import { outputRun } from '../link/run-context.ts';

type WriteCallback = (error?: Error | null) => void;

/** A stream in place of `process.stdout` or `process.stderr`. */
class CellStream extends Writable {
  readonly fd: 1 | 2;
  readonly columns = 80;
  readonly isTTY = false;
  readonly #name: 'stdout' | 'stderr';
  readonly #decoder = new StringDecoder('utf8');

  constructor(fd: 1 | 2) {
    super({ decodeStrings: false });
    this.fd = fd;
    this.#name = fd === 1 ? 'stdout' : 'stderr';
  }

  /** Past Writable's bookkeeping: a hundred thousand lines need no queue, the link takes each at once. */
  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    emitStream(outputRun(), this.#name, this.#decode(chunk));
    const done = (typeof encoding === 'function' ? encoding : callback) as WriteCallback | undefined;
    if (done) process.nextTick(done);
    return true;
  }

  /** What `pipe()` and `end()` leave to the stream machinery. */
  override _write(chunk: unknown, _encoding: BufferEncoding, callback: WriteCallback): void {
    emitStream(outputRun(), this.#name, this.#decode(chunk));
    callback();
  }

  /** Like the real ones, these streams cannot be closed. */
  override _destroy(error: Error | null, callback: WriteCallback): void {
    callback(error);
  }

  #decode(chunk: unknown): string {
    return chunk instanceof Uint8Array ? this.#decoder.write(Buffer.from(chunk)) : String(chunk);
  }
}

/** Puts cell streams in place of the process's own. Must run before anything is printed. */
export function installStreams(): void {
  for (const [name, fd] of [
    ['stdout', 1],
    ['stderr', 2],
  ] as const)
    Object.defineProperty(process, name, { value: new CellStream(fd), configurable: true, writable: true });
}
