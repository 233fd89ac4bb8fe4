/** The runner's second thread: hears the protocol process while user code runs, and stops that code. */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { FrameReader } from '../link/frames.ts';
import { RUNNER_FD, type RunnerRequest } from '../link/messages.ts';
import { type ControlData, type ControlMessage, Flag, PromptState } from './control.ts';

/** How long the main thread may take to stop by itself, in milliseconds. */
const PATIENCE_MS = 60;

/** How often an interrupt under way is looked after, in milliseconds. */
const TICK_MS = 10;

const { flags, requests, answers } = workerData as ControlData;
let interrupts = 0;
/** Requests that wait for an interrupt to have taken effect; undefined while there is none. */
let held: ControlMessage[] | undefined;

const frames = new FrameReader<RunnerRequest>();
const socket = new Socket({ fd: RUNNER_FD.requests, readable: true, writable: false });
socket.on('data', (chunk) => {
  for (const request of frames.push(chunk)) handle(request);
});
// Whatever the main thread is doing: without its protocol process the runner has no one to run for.
socket.on('close', endAll);
socket.on('error', endAll);

/** Ends this process and those that its cells started: on POSIX they are one group, on Windows one job. */
function endAll(): void {
  process.kill(process.platform === 'win32' ? process.pid : 0, 'SIGKILL');
}

function handle(request: RunnerRequest): void {
  if (request.type === 'interrupt') interrupt();
  else if (request.type === 'input') answer(request.value);
  else if (held) held.push(request);
  else requests.postMessage(request);
}

/**
 * Stops user code in two steps. First the main thread is asked, which is enough when it waits for something. If it is
 * busy, its JavaScript is terminated; what it was doing then is gone, but the process and its variables stay.
 *
 * A termination ends whatever runs next, be it the handler of our own question. So the question is repeated until both
 * have taken effect, and the next cell is held back until then.
 */
function interrupt(): void {
  if (held) return;
  held = [];
  const id = ++interrupts;
  const terminator = createTerminator();
  const ask = () => requests.postMessage({ type: 'interrupt', id } satisfies ControlMessage);
  Atomics.store(flags, Flag.interruptsAsked, id);
  ask();
  wakePrompt(PromptState.interrupted);
  if (process.platform !== 'win32') process.kill(0, 'SIGINT');
  let patienceMs = PATIENCE_MS;
  const timer = setInterval(() => {
    patienceMs -= TICK_MS;
    if (terminator.isPending()) ask();
    else if (Atomics.load(flags, Flag.interruptsDone) >= id) settle(timer, terminator);
    else if (patienceMs <= 0) {
      patienceMs = PATIENCE_MS;
      terminator.terminate(ask);
    }
  }, TICK_MS);
}

function settle(timer: NodeJS.Timeout, terminator: Terminator): void {
  clearInterval(timer);
  terminator.close();
  for (const request of held ?? []) requests.postMessage(request);
  held = undefined;
}

/** Terminates the main thread's JavaScript through an inspector. */
interface Terminator {
  terminate(onDone: () => void): void;
  /** Whether a termination has been asked for that has not hit anything yet. */
  isPending(): boolean;
  close(): void;
}

/** The inspector is attached only when it is needed: a process that has one waits for it at its end. */
function createTerminator(): Terminator {
  let inspector: Session | undefined;
  let isPending = false;
  return {
    terminate: (onDone) => {
      if (inspector === undefined) {
        inspector = new Session();
        inspector.connectToMainThread();
      }
      isPending = true;
      inspector.post('Runtime.terminateExecution', () => {
        isPending = false;
        onDone();
      });
    },
    isPending: () => isPending,
    close: () => inspector?.disconnect(),
  };
}

function answer(value: string): void {
  if (Atomics.load(flags, Flag.prompt) !== PromptState.waiting) return;
  answers.postMessage(value);
  wakePrompt(PromptState.answered);
}

function wakePrompt(state: number): void {
  if (Atomics.compareExchange(flags, Flag.prompt, PromptState.waiting, state) === PromptState.waiting)
    Atomics.notify(flags, Flag.prompt);
}
