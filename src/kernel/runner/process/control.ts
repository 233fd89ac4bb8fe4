/** The main thread's side of the control thread: requests come in through it, `prompt()` waits for it. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { InterruptedError } from '../link/errors.ts';
import type { RunnerRequest } from '../link/messages.ts';

/** Places in the memory that both threads share. */
export const Flag = {
  /** Number of the last interrupt that has taken effect. */
  interruptsDone: 0,
  /** What a waiting prompt is woken by: a PromptState. */
  prompt: 1,
  /** Number of the last interrupt that was asked for. */
  interruptsAsked: 2,
} as const;

/** Values of `Flag.prompt`. */
export const PromptState = { waiting: 0, answered: 1, interrupted: 2, none: 3 } as const;

/** What the control thread starts with. */
export interface ControlData {
  flags: Int32Array<SharedArrayBuffer>;
  /** Takes requests to the main thread. */
  requests: MessagePort;
  /** Takes the answers to prompts, which the main thread picks up while it waits. */
  answers: MessagePort;
}

/** A request of the control thread to the main thread. */
export type ControlMessage =
  | Exclude<RunnerRequest, { type: 'interrupt' | 'input' }>
  | { type: 'interrupt'; id: number };

/** The main thread's view of the control thread. */
export interface Control {
  /** Reports that interrupt `id` has taken effect. */
  confirmInterrupt(id: number): void;
  /** Whether an interrupt is on its way that has not taken effect yet. */
  isInterrupted(): boolean;
  /**
   * Blocks the thread until the front end has answered.
   *
   * @throws InterruptedError when an interrupt came instead
   */
  waitForAnswer(ask: () => void): string;
}

/** Starts the control thread. `onMessage` hears its requests; they keep the process alive. */
export function startControl(onMessage: (message: ControlMessage) => void): Control {
  const flags = new Int32Array(new SharedArrayBuffer(12));
  flags[Flag.prompt] = PromptState.none;
  const requests = new MessageChannel();
  const answers = new MessageChannel();
  const data: ControlData = { flags, requests: requests.port2, answers: answers.port2 };
  const worker = new Worker(new URL('./control-thread.js', import.meta.url), {
    workerData: data,
    transferList: [requests.port2, answers.port2],
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  });
  worker.unref();
  requests.port1.on('message', onMessage);
  return {
    confirmInterrupt: (id) => Atomics.store(flags, Flag.interruptsDone, id),
    isInterrupted: () => flags[Flag.interruptsAsked]! > flags[Flag.interruptsDone]!,
    waitForAnswer: (ask) => {
      Atomics.store(flags, Flag.prompt, PromptState.waiting);
      ask();
      Atomics.wait(flags, Flag.prompt, PromptState.waiting);
      const state = Atomics.exchange(flags, Flag.prompt, PromptState.none);
      if (state === PromptState.interrupted) throw new InterruptedError();
      return receiveMessageOnPort(answers.port1)?.message as string;
    },
  };
}
