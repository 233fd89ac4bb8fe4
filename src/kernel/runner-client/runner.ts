/** The runner as the kernel sees it: runs cells, stops them, and is there again after a crash. */
import type { CompiledCell } from '../compiler/cell/types.ts';
import type { CommMessage, Outcome, RunnerMessage, RunOutput } from '../runner/link/messages.ts';
import { describeDeath } from './death.ts';
import { type RunnerExit, type RunnerPlace, type RunnerProcess, startRunnerProcess } from './process.ts';

/** How long an interrupted runner may take before the user is told that it waits, in milliseconds. */
const INTERRUPT_LIMIT_MS = 3000;

const WAITING =
  'Waiting for native code to return. Stop once more to end its process and give up the variables.\n';

/** What the kernel hears of its runner. */
export interface RunnerListener {
  onOutput(output: RunOutput): void;
  onAsk(ask: { run: number; prompt: string; password: boolean }): void;
  onComm(run: number, comm: CommMessage): void;
  /** The process is gone, and a fresh one started: nothing of earlier cells is left. */
  onRestart(reason: string): void;
}

/** How to run a cell. */
export interface RunOptions {
  run: number;
  allowStdin?: boolean;
}

/** Runs cells in a process of their own. */
export class Runner {
  readonly #place: RunnerPlace;
  readonly #listener: RunnerListener;
  readonly #active = new Map<number, (outcome: Outcome) => void>();
  #process: RunnerProcess;
  /** Whether the process died before it came up: it is started again only when there is something to run. */
  #isDown = false;
  #latestRun = 0;
  #isStuck = false;
  /** Whether the user knows that an interrupt waits for native code. */
  #isWaiting = false;
  #isDisposed = false;
  #isPaused = false;
  #isReady = false;

  constructor(place: RunnerPlace, listener: RunnerListener) {
    this.#place = place;
    this.#listener = listener;
    this.#process = this.#start();
  }

  /** Runs a cell. Never rejects: whatever happens is an outcome. */
  run(cell: CompiledCell, { run, allowStdin = false }: RunOptions): Promise<Outcome> {
    this.#latestRun = run;
    if (this.#isDown) this.#process = this.#start();
    return new Promise((resolve) => {
      this.#active.set(run, resolve);
      this.#process.send({ type: 'run', run, cell, allowStdin });
    });
  }

  /** Stops what runs. Native code has to return first, unless the user, who is told so, asks once more. */
  interrupt(): void {
    const runs = [...this.#active.keys()];
    if (runs.length === 0) return;
    if (this.#isWaiting) {
      this.#isStuck = true;
      this.#process.kill();
      return;
    }
    this.#process.send({ type: 'interrupt' });
    const asked = this.#process;
    setTimeout(() => {
      const waiting = runs.find((run) => this.#active.has(run));
      if (asked !== this.#process || waiting === undefined) return;
      this.#isWaiting = true;
      this.#listener.onOutput({ type: 'stream', run: waiting, name: 'stderr', text: WAITING });
    }, INTERRUPT_LIMIT_MS).unref();
  }

  /** Hands the answer to a waiting `prompt()`. */
  answer(value: string): void {
    this.#process.send({ type: 'input', value });
  }

  /** Hands on a comm message of a front end. */
  sendComm(run: number, comm: CommMessage): void {
    this.#process.send({ type: 'comm', run, ...comm });
  }

  /** Makes the runner wait with its output, or lets it go on. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#process.pause();
    else this.#process.resume();
  }

  /** Ends the process for good. */
  dispose(): void {
    this.#isDisposed = true;
    this.#process.kill();
  }

  #start(): RunnerProcess {
    this.#isReady = false;
    this.#isDown = false;
    return startRunnerProcess(this.#place, {
      onMessage: (message) => this.#receive(message),
      onNativeOutput: (name, text) =>
        this.#listener.onOutput({ type: 'stream', run: this.#latestRun, name, text }),
      onExit: (exit) => this.#recover(exit),
    });
  }

  #receive(message: RunnerMessage): void {
    if (message.type === 'done') this.#finishAfterNativeOutput(message.run, message.outcome);
    else if (message.type === 'ready') this.#isReady = true;
    else if (message.type === 'ask') this.#listener.onAsk(message);
    else if (message.type === 'comm') this.#listener.onComm(message.run, message);
    else if (message.type !== 'exit' && message.type !== 'interrupted') this.#listener.onOutput(message);
  }

  /** What native code wrote before the run's end lies in other pipes: one full turn of the event loop reads them. */
  #finishAfterNativeOutput(run: number, outcome: Outcome): void {
    setImmediate(() => setImmediate(() => this.#finish(run, outcome)));
  }

  #finish(run: number, outcome: Outcome): void {
    this.#active.get(run)?.(outcome);
    this.#active.delete(run);
    if (this.#active.size === 0) this.#isWaiting = false;
  }

  #recover(exit: RunnerExit): void {
    if (this.#isDisposed) return;
    const error = describeDeath(exit, { isStuck: this.#isStuck, wasReady: this.#isReady });
    this.#isStuck = false;
    if (this.#isReady) this.#process = this.#start();
    else this.#isDown = true;
    if (this.#isPaused) this.#process.pause();
    this.#listener.onRestart(error.evalue);
    for (const run of [...this.#active.keys()]) this.#finish(run, { status: 'error', ...error });
  }
}
