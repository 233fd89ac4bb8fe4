/** The page's side of the worker: one question a sentence, each answer to the one who asked. */
import { describe, expect, it } from 'vitest';
import { EncodingClient, type WorkerPort } from '../../src/playground/encoding-client.ts';
import type { WorkerReply, WorkerRequest } from '../../src/playground/encoding-worker.ts';

/** A worker that keeps what it is asked, and answers when it is told to. */
function fakeWorker() {
  const asked: WorkerRequest[] = [];
  const port: WorkerPort = { postMessage: (request) => void asked.push(request), onmessage: null };
  const reply = (data: WorkerReply) => port.onmessage?.({ data } as MessageEvent<WorkerReply>);
  return { port, asked, reply };
}

describe('EncodingClient', () => {
  it('asks once for a sentence and a model, and gives each its own answer', async () => {
    const { port, asked, reply } = fakeWorker();
    const client = new EncodingClient(port);
    const answers = [
      client.encode('m', 'a'),
      client.encode('m', 'b'),
      client.encode('m', 'a'),
      client.encode('n', 'a'),
    ];
    expect(asked.map((request) => request.type === 'encode' && [request.name, request.sentence])).toEqual([
      ['m', 'a'],
      ['m', 'b'],
      ['n', 'a'],
    ]);
    for (const id of [2, 0, 1]) reply({ id, embedding: Float32Array.of(id) });
    expect((await Promise.all(answers)).map(([value]) => value)).toEqual([0, 1, 0, 2]);
  });

  it("passes the worker's error on, and hands models over", async () => {
    const { port, asked, reply } = fakeWorker();
    const client = new EncodingClient(port);
    client.addModel('m', 'AAAA');
    expect(asked).toEqual([{ type: 'model', name: 'm', packed: 'AAAA' }]);
    const answer = client.encode('m', 'a');
    reply({ id: 0, error: 'no memory' });
    await expect(answer).rejects.toThrow('no memory');
  });
});
