/** Damaged and hostile inputs: each is read, or refused by an error of ours that names it. Bounded and repeatable. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelConfiguration } from '../../src/embeddings/configuration.ts';
import { resolveModel } from '../../src/embeddings/hub/resolve.ts';
import { loadTokenizer } from '../../src/embeddings/model/tokenize.ts';
import { loadModules } from '../../src/embeddings/modules/load.ts';
import { readSafetensorsFile, readTensor } from '../../src/embeddings/weights/safetensors.ts';
import { exportHtml } from '../../src/export/html.ts';
import { createMessageFactory } from '../../src/jupyter/messages.ts';
import { parseNotebook, serializeNotebook } from '../../src/jupyter/notebook/nbformat.ts';
import { createSigner } from '../../src/jupyter/signature.ts';
import { decodeMessage, encodeMessage } from '../../src/jupyter/wire.ts';
import { sample } from '../export/sample.ts';
import { readRepository, startFakeHub } from '../support/fake-hub.ts';
import { firstSeed, isRefusal, mutateBytes, mutateJson, random, rounds } from './mutate.ts';

const fixture = fileURLToPath(new URL('../fixtures/tiny-all-mpnet-base-v2', import.meta.url));
const layouts = fileURLToPath(new URL('../fixtures/layouts/new', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tsbert-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tries a target `count` times; a failure tells its seed. */
async function fuzz(
  count: number,
  refusals: readonly string[],
  attempt: (next: () => number) => unknown,
): Promise<void> {
  let refused = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    try {
      await attempt(random(seed));
    } catch (error) {
      if (!isRefusal(error, refusals)) {
        throw new Error(`TSBERT_FUZZ_SEED=${seed}: ${(error as Error).stack}`, { cause: error });
      }
      refused++;
    }
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  // Were everything refused, or nothing, the inputs would try little.
  expect(refused).toBeLessThan(count);
}

const timeout = 20_000 + rounds * 400;

describe(`${rounds} odd inputs from seed ${firstSeed}`, { timeout }, () => {
  const notebook = JSON.parse(serializeNotebook(sample));

  it('notebooks are read and written again, or refused', () =>
    fuzz(rounds * 2, ['NotebookFormatError'], (next) => {
      const parsed = parseNotebook(JSON.stringify(mutateJson(notebook, next)), 'a.ipynb');
      const written = serializeNotebook(parsed);
      expect(serializeNotebook(parseNotebook(written, 'a.ipynb'))).toBe(written);
    }));

  it('notebooks’ bytes are read, or refused', () =>
    fuzz(rounds * 2, ['NotebookFormatError'], (next) =>
      parseNotebook(mutateBytes(Buffer.from(JSON.stringify(notebook)), next).toString(), 'a.ipynb'),
    ));

  it('what was read of a notebook makes a page', () =>
    fuzz(Math.ceil(rounds / 5), ['NotebookFormatError'], (next) =>
      exportHtml(parseNotebook(JSON.stringify(mutateJson(notebook, next)), 'a.ipynb')),
    ));

  it('wire frames are read, or refused', () =>
    fuzz(rounds * 4, ['WireError'], (next) => {
      const signer = createSigner(next() < 0.5 ? '' : 'key');
      const factory = createMessageFactory('me');
      const message = factory.create('execute_request', { content: { code: '1', silent: false } });
      const changed = mutateJson({ ...message, buffers: [] }, next) as typeof message;
      const frames = encodeMessage({ ...message, ...changed, buffers: [] }, signer, [Buffer.from('id')]);
      if (next() < 0.5) frames.splice(Math.floor(next() * frames.length), 1);
      const at = Math.floor(next() * frames.length);
      frames[at] = mutateBytes(frames[at]!, next);
      decodeMessage(frames, signer);
    }));

  it('safetensors are read, or refused', () => {
    const good = readFileSync(join(layouts, '2_Dense/model.safetensors'));
    const file = join(folder, 'x.safetensors');
    return fuzz(rounds * 2, ['SafetensorsError', 'TypeError'], async (next) => {
      writeFileSync(file, mutateSafetensors(good, next));
      const { tensors } = await readSafetensorsFile(file);
      for (const entry of tensors.values()) await readTensor(entry).catch(expectElementType);
    });
  });

  it.each(['config.json', 'modules.json', 'config_sentence_transformers.json', '2_Dense/config.json'])(
    'a model’s %s is read, or refused',
    (file) => {
      const model = join(folder, file.replaceAll(/\W/g, '-'));
      cpSync(layouts, model, { recursive: true });
      cpSync(join(fixture, 'config.json'), join(model, 'config.json'));
      const good = JSON.parse(readFileSync(join(model, file), 'utf8'));
      return fuzz(rounds, MODEL_REFUSALS, async (next) => {
        writeFileSync(join(model, file), JSON.stringify(mutateJson(good, next)));
        const configuration = await readModelConfiguration(model);
        await loadModules(configuration, 32);
      });
    },
  );

  it('a tokenizer is read, or refused', () => {
    const model = join(folder, 'tokenizer');
    cpSync(fixture, model, { recursive: true });
    const good = JSON.parse(readFileSync(join(model, 'tokenizer.json'), 'utf8'));
    return fuzz(Math.ceil(rounds / 3), MODEL_REFUSALS, async (next) => {
      // The vocabulary is most of the file, and of the places: it is left as it is.
      const { vocab, ...model_ } = good.model;
      const changed = mutateJson({ ...good, model: model_ }, next) as typeof good;
      if (changed?.model && typeof changed.model === 'object') changed.model.vocab = vocab;
      writeFileSync(join(model, 'tokenizer.json'), JSON.stringify(changed));
      const configuration = await readModelConfiguration(model);
      const tokenizer = await loadTokenizer(configuration.transformer);
      expect(tokenizer.encode('A dog barks.')).toBeInstanceOf(Int32Array);
    });
  });

  it('answers of a hub are understood, or refused', async () => {
    const id = 'sentence-transformers/all-mpnet-base-v2';
    const files = readRepository(fixture);
    for (const path of files.keys()) if (path.startsWith('onnx/')) files.delete(path);
    const hub = await startFakeHub(id, files);
    const cacheDir = join(folder, 'cache');
    const patience = {
      connectTimeoutMs: 3000,
      stallTimeoutMs: 1000,
      retryDelaysMs: [],
      longestRetryAfterMs: 0,
    };
    try {
      await fuzz(Math.ceil(rounds / 2), HUB_REFUSALS, async (next) => {
        rmSync(cacheDir, { recursive: true, force: true });
        mkdirSync(cacheDir);
        hub.fault = (_request, response, { pathname }) => {
          if (!pathname.startsWith('/api/') || next() < 0.3) return false;
          response.writeHead(200, { 'Content-Type': 'application/json' });
          const isTree = pathname.includes('/tree/');
          response.end(
            JSON.stringify(mutateJson(isTree ? hubListing(files) : { sha: 'a'.repeat(40) }, next)),
          );
          return true;
        };
        await resolveModel(id, {
          cacheDir,
          patience,
          env: { HF_ENDPOINT: hub.url, HOME: folder },
          showProgressBar: false,
        });
      });
    } finally {
      await hub.close();
    }
  });
});

const MODEL_REFUSALS = [
  'ModelFormatError',
  'UnsupportedModuleError',
  'UnsupportedModelError',
  'SafetensorsError',
  'TensorMismatchError',
  'MissingWeightsError',
];

const HUB_REFUSALS = [
  'HubAnswerError',
  'DownloadError',
  'UnusableRepositoryError',
  'ModelNotFoundError',
  'HubUnreachableError',
  'HubCacheError',
];

/** Changes the header as JSON, or the bytes. */
function mutateSafetensors(good: Buffer, next: () => number): Buffer {
  if (next() < 0.4) return mutateBytes(good, next);
  const length = Number(good.readBigUInt64LE());
  const header = JSON.parse(good.subarray(8, 8 + length).toString());
  const json = Buffer.from(JSON.stringify(mutateJson(header, next)));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([prefix, json, good.subarray(8 + length)]);
}

/** An element type that weights cannot have is refused when a tensor is read. */
function expectElementType(error: unknown): void {
  expect((error as Error).message).toMatch(/elements|ends inside a tensor|not a number|NaN|infinite/i);
}

function hubListing(files: ReadonlyMap<string, Buffer>) {
  return [...files].map(([path, content]) => ({
    type: 'file',
    path,
    size: content.length,
    oid: 'b'.repeat(40),
  }));
}
