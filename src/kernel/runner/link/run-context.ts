/** Which run a piece of code belongs to, through awaits and timers: output finds its own cell, an interrupted run ends. */
import type { ChildProcess } from 'node:child_process';
import { promiseHooks } from 'node:v8';
import { InterruptedError } from './errors.ts';

/** What `setTimeout()`, `setInterval()` and `setImmediate()` give back. */
export type Timer = NodeJS.Timeout | NodeJS.Immediate;

/** One run of a cell. */
export interface RunContext {
  readonly run: number;
  readonly executionCount: number;
  readonly allowStdin: boolean;
  /** Set by an interrupt: what this run still does is neither shown nor kept alive. */
  interrupted: boolean;
  /** Timers that the run started; an interrupt clears them. */
  readonly timers: Set<Timer>;
  /** Displays that still wait for their value to describe itself. */
  readonly pending: Set<Promise<unknown>>;
  /** Shell commands under way; an interrupt ends them. */
  readonly children: Set<ChildProcess>;
  /** Called when the run has ended well or badly, before that is told. */
  onEnd?: () => void;
}

/** Constructs nothing: hands a class below it the object that it is to mark. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is how a private field gets onto an object made elsewhere.
    return object;
  }
}

/** Writes the run on a promise without a property that `console.log(promise)` would show. */
class RunMark extends Given {
  readonly #context: RunContext;

  constructor(promise: object, context: RunContext) {
    super(promise);
    this.#context = context;
  }

  static read(promise: object): RunContext | undefined {
    return #context in promise ? (promise as RunMark).#context : undefined;
  }
}

let latest = createRunContext({ run: 0, executionCount: 0, allowStdin: false });
let current: RunContext | undefined;

/** A run that is about to start. */
export function createRunContext(
  facts: Pick<RunContext, 'run' | 'executionCount' | 'allowStdin'>,
): RunContext {
  return { ...facts, interrupted: false, timers: new Set(), pending: new Set(), children: new Set() };
}

/**
 * Lets promises carry their run. Node's own AsyncLocalStorage would do the same, but before Node 24 it turns on checks
 * that end the process when V8 terminates a cell, see `--no-force-async-hooks-checks`.
 */
export function trackRuns(): void {
  promiseHooks.createHook({
    init: (promise) => {
      if (current !== undefined) new RunMark(promise, current);
    },
    before: (promise) => {
      current = RunMark.read(promise);
    },
    after: () => {
      current = undefined;
    },
  });
}

/** Forgets which run was current: a terminated one has left without saying so. */
export function leaveRuns(): void {
  current = undefined;
}

/** Starts a run: `work`, and all that it starts, belongs to `context`, and so does what no run owns. */
export function startRun<T>(context: RunContext, work: () => T): T {
  latest = context;
  return resumeRun(context, work);
}

/** Calls back into a run. */
export function resumeRun<T>(context: RunContext, work: () => T): T {
  const before = current;
  current = context;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** The run that the calling code belongs to; the latest one for code of unknown origin. */
export function currentRun(): RunContext {
  return current ?? latest;
}

/**
 * The run to put output under.
 *
 * @throws InterruptedError when it was interrupted: code that lived on past its interrupt ends here
 */
export function outputRun(): number {
  const context = currentRun();
  if (context.interrupted) throw new InterruptedError();
  return context.run;
}
