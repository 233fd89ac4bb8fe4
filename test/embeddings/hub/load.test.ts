/** The whole way: a model downloaded from a hub, read through the cache's links, gives Python's embeddings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { type FakeHub, readRepository, startFakeHub } from '../../support/fake-hub.ts';
import { expectClose, fixture, readReference } from '../reference.ts';

const id = 'sentence-transformers/all-mpnet-base-v2';
let home: string;
let hub: FakeHub;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tsbert-load-'));
  hub = await startFakeHub(id, readRepository(fixture('tiny-all-mpnet-base-v2')));
  for (const variable of ['TSBERT_OFFLINE', 'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HF_TOKEN']) {
    vi.stubEnv(variable, undefined);
  }
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_HUB_DISABLE_PROGRESS_BARS', '1');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

describe('SentenceTransformer.load() from a hub', () => {
  it('downloads the model and embeds as Python does', async () => {
    const model = await SentenceTransformer.load('all-mpnet-base-v2', { cacheDir: home, standIn: true });
    const { sentences, embeddings } = readReference('tiny-all-mpnet-base-v2').five;
    expectClose(await model.encode([...sentences]), embeddings);
    expect([model.name, model.standInFor]).toEqual([id, undefined]);
    expect(hub.requests.join()).not.toContain('onnx');
  });
});
