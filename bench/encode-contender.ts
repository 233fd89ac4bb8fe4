/** A process that encodes for the bench: it is asked in JSON lines and answers in JSON lines. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

/** Sentences whose embeddings are compared. */
export const SAMPLE = 32;

/** What a process answers to a list of sentences. */
export interface Answer {
  /** Seconds that encoding took. */
  readonly seconds: number;
  /** Seconds of processor time that it took, on all cores together: what remains where the machine is shared. */
  readonly cpuSeconds: number;
  /** The most memory that the process has had since its start. */
  readonly peakMegabytes: number;
  /** The embeddings of the first {@link SAMPLE} sentences. */
  readonly sample: number[][];
}

/** Who encodes and how the process is started. */
export interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** The contenders that can run here. @param python a Python with sentence-transformers, if any */
export function listContenders(folder: string, python: string | undefined): Contender[] {
  const script = path.join(import.meta.dirname, 'encode-node.js');
  const node = (name: string): Contender => ({ name, command: [process.execPath, script, name, folder] });
  const own = [node('tsbert fp32'), node('tsbert q8')];
  if (python === undefined) return own;
  const reference: Contender = {
    name: 'sentence-transformers',
    command: [python, path.resolve('bench/encode-python.py'), 'serve', folder],
  };
  const canRunExport = existsSync(path.join(folder, 'onnx/model.onnx'));
  if (!canRunExport) console.log('transformers.js is left out: Python could not export the model to ONNX');
  return [reference, ...(canRunExport ? [node('transformers.js')] : []), ...own];
}

/** A contender's process at work. */
export class RunningContender {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor({ command: [program, ...args] }: Contender) {
    this.#child = spawn(program, args);
    this.#child.stderr.resume();
    this.#lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws {Error} when the process ends instead of answering */
  async encode(sentences: readonly string[]): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(sentences)}\n`);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`${this.#child.spawnargs.join(' ')} ended without an answer.`);
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }

  /** Ends the process. */
  stop(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }
}
