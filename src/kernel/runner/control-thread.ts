/** The runner's second thread: hears the protocol process while user code runs, and stops that code. */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { FrameReader } from '../frames.ts';
import { RUNNER_FD, type RunnerRequest } from '../runner-messages.ts';
import { type ControlData, type ControlMessage, Flag, PromptState } from './control.ts';

/** How long the main thread may take to stop by itself, and between two attempts to make it, in milliseconds. */
const PATIENCE_MS = 80;

const { flags, requests, answers } = workerData as ControlData;
let interrupts = 0;

const frames = new FrameReader<RunnerRequest>();
const socket = new Socket({ fd: RUNNER_FD.requests, readable: true, writable: false });
socket.on('data', (chunk) => {
  for (const request of frames.push(chunk)) handle(request);
});
// Whatever the main thread is doing: without its protocol process the runner has no one to run for.
socket.on('close', () => process.kill(process.pid, 'SIGKILL'));
socket.on('error', () => process.kill(process.pid, 'SIGKILL'));

function handle(request: RunnerRequest): void {
  if (request.type === 'interrupt') interrupt(++interrupts);
  else if (request.type === 'input') answer(request.value);
  else requests.postMessage(request satisfies ControlMessage);
}

/**
 * Stops user code in two steps. First the main thread is asked, which is enough when it waits for something. If it is
 * busy, its JavaScript is terminated; what it was doing then is gone, but the process and its variables stay.
 */
function interrupt(id: number): void {
  const isDone = () => Atomics.load(flags, Flag.interruptsDone) >= id;
  const ask = () => requests.postMessage({ type: 'interrupt', id } satisfies ControlMessage);
  ask();
  wakePrompt(PromptState.interrupted);
  // A process with an inspector attached waits for it at its end, so there is one only while it is needed.
  let inspector: Session | undefined;
  const timer = setInterval(() => {
    if (isDone()) {
      clearInterval(timer);
      inspector?.disconnect();
      return;
    }
    if (inspector === undefined) {
      inspector = new Session();
      inspector.connectToMainThread();
    }
    // A termination may hit the handler of our own question, so it is asked again each time.
    inspector.post('Runtime.terminateExecution', ask);
  }, PATIENCE_MS);
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
