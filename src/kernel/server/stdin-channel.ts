/** The stdin channel: questions of `prompt()` to the front end whose cell asks, and its answers. */
import type { MessageFactory } from '../../jupyter/messages.ts';
import type { WireMessage } from '../../jupyter/wire.ts';
import type { RunRegistry } from './run-registry.ts';

/** What the channel needs. */
export interface StdinParts {
  factory: MessageFactory;
  runs: RunRegistry;
  send(wire: WireMessage): Promise<void>;
  answer(value: string): void;
}

/** Asks and hands on answers. */
export interface StdinChannel {
  ask(question: { run: number; prompt: string; password: boolean }): void;
  receive(wire: WireMessage): void;
}

/** Makes the stdin channel of a kernel. */
export function createStdinChannel({ factory, runs, send, answer }: StdinParts): StdinChannel {
  return {
    ask: ({ run, prompt, password }) => {
      const entry = runs.get(run);
      if (entry === undefined) return;
      // The front end's sockets share one identity, so the shell request's routing finds its stdin.
      const { identities, message } = entry.request;
      const content = { prompt, password };
      const question = factory.create('input_request', { content, parent: message.header });
      void send({ identities, message: question });
    },
    receive: ({ message }) => {
      if (message.header.msg_type === 'input_reply') answer(String(message.content.value ?? ''));
    },
  };
}
