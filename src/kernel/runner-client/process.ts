/** One runner process: its pipes, its output in order, and how it ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';
import { encodeFrame, FrameReader } from '../runner/link/frames.ts';
import { RUNNER_FD, type RunnerMessage, type RunnerRequest } from '../runner/link/messages.ts';

/** How a runner process ended. */
export interface RunnerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The code given to `process.exit()`, when user code called it. */
  exitCall: number | undefined;
  /** The last of what native code wrote to stderr. */
  stderrTail: string;
}

/** What a runner's owner hears. */
export interface RunnerEvents {
  onMessage(message: RunnerMessage): void;
  /** Text that did not come through `process.stdout`: native code, child processes. */
  onNativeOutput(name: 'stdout' | 'stderr', text: string): void;
  onExit(exit: RunnerExit): void;
}

/** A running runner process. */
export interface RunnerProcess {
  readonly pid: number | undefined;
  send(request: RunnerRequest): void;
  /** Stops reading its output, so that it waits as soon as the pipe is full. */
  pause(): void;
  resume(): void;
  /** Ends it at once, with the processes it started. `onExit` still hears of it. */
  kill(): void;
}

/** How much of native stderr is kept to tell why a process died, in UTF-16 units. */
const TAIL_LENGTH = 4000;

/** Without this, V8's termination of user code leaves Node's async bookkeeping in a state it refuses to go on with. */
const NODE_FLAGS = ['--no-force-async-hooks-checks'];

/** Where a runner works. */
export interface RunnerPlace {
  /** Folder of the notebook. */
  cwd: string;
  /** A folder whose packages cells find too, where that of the notebook lacks them. */
  fallbackFrom: string | undefined;
}

/** Starts a runner process. */
export function startRunnerProcess({ cwd, fallbackFrom }: RunnerPlace, events: RunnerEvents): RunnerProcess {
  const main = fileURLToPath(new URL('../runner/main.js', import.meta.url));
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, main, ...(fallbackFrom === undefined ? [] : [fallbackFrom])],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      // A process group of its own: a terminal's Ctrl-C reaches the protocol process only, and kill() takes its children.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  const output = child.stdio[RUNNER_FD.output] as Readable;
  const requests = child.stdio[RUNNER_FD.requests] as Writable;
  const exit = watchExit(child, events);
  readMessages(output, exit, events);
  requests.on('error', () => {}); // A dead process is reported by its exit.
  return {
    pid: child.pid,
    send: (request) => void requests.write(encodeFrame(request)),
    pause: () => void output.pause(),
    resume: () => void output.resume(),
    kill: () => killTree(child),
  };
}

function readMessages(output: Readable, exit: RunnerExit, { onMessage }: RunnerEvents): void {
  const frames = new FrameReader<RunnerMessage>();
  output.on('data', (chunk: Buffer) => {
    for (const message of frames.push(chunk)) {
      if (message.type === 'exit') exit.exitCall = message.code;
      onMessage(message);
    }
  });
}

/** Reports the end once every pipe is drained, so that the last output comes before it. */
function watchExit(child: ChildProcess, { onNativeOutput, onExit }: RunnerEvents): RunnerExit {
  const exit: RunnerExit = { code: null, signal: null, exitCall: undefined, stderrTail: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    child[name]!.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk);
      if (name === 'stderr') exit.stderrTail = (exit.stderrTail + text).slice(-TAIL_LENGTH);
      onNativeOutput(name, text);
    });
  }
  let isOver = false;
  const report = () => {
    if (isOver) return;
    isOver = true;
    onExit(exit);
  };
  child.on('exit', (code, signal) => {
    Object.assign(exit, { code, signal });
    // What its cells started goes with it, however it ended. On Windows, Node's own job object sees to that.
    killGroup(child);
    // A child process of the cell may hold the pipes open for long after.
    setTimeout(report, 500).unref();
  });
  child.on('close', report);
  child.on('error', report);
  return exit;
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  killGroup(child);
}

/** Ends what is left of a runner's process group, where there are groups. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
