/** The queue to iopub joins streams, keeps order, and stops the writer while the reader is slow. */
import { describe, expect, it } from 'vitest';
import { createMessageFactory, type Message } from '../../../src/jupyter/messages.ts';
import { IopubQueue } from '../../../src/kernel/server/iopub-queue.ts';

const factory = createMessageFactory('test');
const cell = factory.create('execute_request', { content: {} }).header;
const other = factory.create('execute_request', { content: {} }).header;
const limits = { streamLength: 100, highWater: 5000, gatherMs: 20 };

/** A queue whose messages are kept, and wait while the reader is `slow`. */
function createQueue() {
  const sent: Message[] = [];
  let release = () => {};
  const reader = { wait: Promise.resolve(), stop: () => {}, go: () => release() };
  reader.stop = () => {
    reader.wait = new Promise((resolve) => {
      release = resolve;
    });
  };
  const publish = async (message: Message) => {
    await reader.wait;
    sent.push(message);
  };
  const queue = new IopubQueue(publish, factory, limits);
  return { queue, sent, reader, texts: () => sent.map(({ content }) => content.text) };
}

describe('IopubQueue', () => {
  it('joins text of one stream and one cell, and nothing else', async () => {
    const { queue, texts } = createQueue();
    queue.pushStream({ name: 'stdout', text: 'a' }, cell);
    queue.pushStream({ name: 'stdout', text: 'b' }, cell);
    queue.pushStream({ name: 'stderr', text: 'c' }, cell);
    queue.pushStream({ name: 'stderr', text: 'd' }, other);
    queue.push('clear_output', { wait: false }, other);
    queue.pushStream({ name: 'stderr', text: 'e' }, other);
    await queue.flushed();
    expect(texts()).toEqual(['ab', 'c', 'd', undefined, 'e']);
  });

  it('keeps messages below the length that readers like', async () => {
    const { queue, texts } = createQueue();
    for (let i = 0; i < 3; i++) queue.pushStream({ name: 'stdout', text: String(i).repeat(60) }, cell);
    await queue.flushed();
    expect(texts()).toEqual(['0'.repeat(60), '1'.repeat(60), '2'.repeat(60)]);
  });

  it('gathers lines that come one by one, the first of which leaves at once', async () => {
    const { queue, texts } = createQueue();
    queue.pushStream({ name: 'stdout', text: '1' }, cell);
    await new Promise((resolve) => setImmediate(resolve));
    expect(texts()).toEqual(['1']);
    queue.pushStream({ name: 'stdout', text: '2' }, cell);
    await new Promise((resolve) => setImmediate(resolve));
    queue.pushStream({ name: 'stdout', text: '3' }, cell);
    await queue.flushed();
    expect(texts()).toEqual(['1', '23']);
  });

  it('tells the writer to stop and to go on', async () => {
    const { queue, reader } = createQueue();
    const told: boolean[] = [];
    queue.onFull = (isFull) => told.push(isFull);
    reader.stop();
    for (let i = 0; i < 60; i++) queue.pushStream({ name: 'stdout', text: 'x'.repeat(100) }, cell);
    expect(told).toEqual([true]);
    reader.go();
    await queue.flushed();
    expect(told).toEqual([true, false]);
  });
});
