/** A session in a thread, as the compiled package runs them: `npm run build` comes first. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packBatch } from '../../../src/embeddings/encoder/packed-batch.ts';
import {
  type BatchRunner,
  type GraphOutputs,
  startSession,
} from '../../../src/embeddings/encoder/session.ts';
import { type PreparedModel, prepareModel } from '../../../src/embeddings/graph/prepare.ts';

const compiled = path.join(import.meta.dirname, '../../../dist/embeddings/encoder/session-thread.js');
const skipReason = existsSync(compiled) ? undefined : 'dist is missing: run npm run build';
if (skipReason) console.log(`session threads are skipped: ${skipReason}`);

const bert = path.join(import.meta.dirname, '../../fixtures/families/bert');
let cacheDir: string;
let graph: PreparedModel;
let startSessionThread: typeof import('../../../src/embeddings/encoder/session-thread.ts').startSessionThread;
beforeAll(async () => {
  if (skipReason) return;
  ({ startSessionThread } = await import(pathToFileURL(compiled).href));
  cacheDir = await mkdtemp(path.join(os.tmpdir(), 'onnx-thread-'));
  graph = await prepareModel(bert, { precision: 'fp32', cacheDir });
});
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

const batches = Array.from({ length: 12 }, (_, i) =>
  packBatch([Int32Array.from({ length: 3 + i }, (_, j) => 5 + i + j), Int32Array.of(7, 8)], {
    positionPadding: undefined,
    heads: 4,
  }),
);

describe.skipIf(skipReason)('startSessionThread()', () => {
  it('gives each batch the rows that a session in this thread gives', async () => {
    const alone = await startSession(graph, 1);
    const thread = await startSessionThread(graph, 1);
    expect(await runAll(thread)).toEqual(await runAll(alone));
    await Promise.all([alone.dispose(), thread.dispose()]);
  });

  it('leaves this thread free while batches run', async () => {
    const thread = await startSessionThread(graph, 1);
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    });
    const running = runAll(thread);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await running;
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
    await thread.dispose();
  });

  it('goes on after a batch that cannot be run', async () => {
    const thread = await startSessionThread(graph, 1);
    const bad = { ...batches[0]!, inputIds: batches[0]!.inputIds.map(() => 100_000) };
    await expect(thread.run(bad)).rejects.toThrow(/out of (data )?bounds|index/i);
    expect((await thread.run(batches[0]!)).last_hidden_state!.length).toBe(batches[0]!.inputIds.length * 32);
    await thread.dispose();
  });

  it('tells why a session cannot be made', async () => {
    const folder = path.join(cacheDir, 'damaged');
    await cp(graph.folder, folder, { recursive: true });
    await truncate(path.join(folder, 'onnx', 'packed.onnx'), 100);
    await expect(startSessionThread({ ...graph, folder }, 1)).rejects.toThrow(/packed\.onnx/);
  });

  it('refuses what waits when it is disposed', async () => {
    const thread = await startSessionThread(graph, 1);
    const waiting = batches.map((batch) => thread.run(batch));
    await thread.dispose();
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected' });
    await expect(thread.run(batches[0]!)).rejects.toThrow(/disposed.*Load the model again/);
  });

  it('keeps a process alive until it is disposed of', async () => {
    const script = `
      import { startSessionThread } from ${JSON.stringify(pathToFileURL(compiled).href)};
      const runner = await startSessionThread(${JSON.stringify({ folder: graph.folder, modelFile: graph.modelFile })}, 2);
      await runner.run({}).catch(() => undefined);
      await runner.dispose();
      console.log('disposed');`;
    const node = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect(node).toMatchObject({ status: 0, stdout: 'disposed\n' });
  });

  it('does not keep a process alive', async () => {
    const script = `
      import { startSessionThread } from ${JSON.stringify(pathToFileURL(compiled).href)};
      await startSessionThread(${JSON.stringify({ folder: graph.folder, modelFile: graph.modelFile })}, 2);
      console.log('ready');`;
    const node = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect(node).toMatchObject({ status: 0, stdout: 'ready\n' });
  });
});

function runAll(runner: BatchRunner): Promise<GraphOutputs[]> {
  return Promise.all(batches.map((batch) => runner.run(batch)));
}
