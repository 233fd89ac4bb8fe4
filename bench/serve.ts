/** Compares a server with 16 clients to one process that encodes all texts at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SentenceTransformer } from '../src/index.ts';
import { Metrics } from '../src/serve/metrics.ts';
import { serveModel } from '../src/serve/served-model.ts';
import { startServer } from '../src/serve/server.ts';
import { drawSentences } from './sentences.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/mini-mpnet' },
    count: { type: 'string', default: '4096' },
    each: { type: 'string', default: '8' },
    serve: { type: 'boolean', default: false },
  },
});
const CLIENTS = 16;
const ROUNDS = 3;
const { sentences: texts } = await drawSentences('mixed', Number(values.count));

/** Sends a message to the server's process, and waits for its answer. */
function ask<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as Answer));
    child.send('usage');
  });
}

async function serveHere(): Promise<void> {
  const model = await SentenceTransformer.load(values.model);
  const metrics = new Metrics();
  const options = {
    batchTexts: 512,
    queueTexts: 100_000,
    onBatch: (size: number) => metrics.countBatch(size),
  };
  const server = await startServer({
    models: [serveModel(model, values.model, options)],
    rerankers: [],
    metrics,
    host: '127.0.0.1',
    port: 0,
    apiKey: undefined,
    version: '0',
    bodyBytes: 1e7,
    queueTexts: 100_000,
    log: console.error,
  });
  process.send!(server.url);
  process.on('message', () => process.send!(process.cpuUsage()));
  process.on('disconnect', () => process.exit());
}

/** Each client sends a request of some texts, waits for its answer, and sends the next. */
async function askAll(url: string): Promise<void> {
  const each = Number(values.each);
  let next = 0;
  const client = async () => {
    while (next < texts.length) {
      const inputs = texts.slice(next, next + each);
      next += each;
      const response = await fetch(`${url}/embed`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ inputs, normalize: false }),
      });
      if (((await response.json()) as unknown[]).length !== inputs.length)
        throw new Error('A row is missing.');
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

/** Texts for a second of the processor's time, which other programs at work change less than the clock's. */
async function textsPerSecond(
  usage: () => Promise<NodeJS.CpuUsage>,
  work: () => Promise<unknown>,
): Promise<number> {
  const before = await usage();
  await work();
  const after = await usage();
  return (1e6 * texts.length) / (after.user + after.system - before.user - before.system);
}

if (values.serve) await serveHere();
else {
  const model = await SentenceTransformer.load(values.model);
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--serve']);
  const url = await new Promise<string>((resolve) => child.once('message', (text) => resolve(String(text))));
  await askAll(url);
  (await model.encode(texts)).dispose();
  for (let round = 0; round < ROUNDS; round++) {
    const ownUsage = async () => process.cpuUsage();
    const alone = await textsPerSecond(ownUsage, async () => (await model.encode(texts)).dispose());
    const served = await textsPerSecond(
      () => ask<NodeJS.CpuUsage>(child),
      () => askAll(url),
    );
    console.log(
      `texts for a second of processor time: all at once ${alone.toFixed(0)}, ${CLIENTS} clients ${served.toFixed(0)}: ${(served / alone).toFixed(2)}`,
    );
  }
  child.disconnect();
  await model.dispose();
}
