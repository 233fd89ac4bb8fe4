/** Packs a bundled model for a page: its weights in few bits, its tokenizer, and how it pools. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { readModelConfiguration } from '../embeddings/configuration.ts';
import { packTensors } from '../embeddings/encoder/plain/pack-tensors.ts';
import { readPlainModel } from '../embeddings/encoder/plain/read-plain-model.ts';
import { UnsupportedModuleError } from '../embeddings/errors.ts';
import { loadModules } from '../embeddings/modules/load.ts';
import { Normalize } from '../embeddings/modules/normalize.ts';
import type { PageModelData } from './page-model.ts';

/**
 * The largest whole numbers of a weight. The word table is more than half of a small model and bears fewer: with these,
 * embeddings keep a cosine of 0.998 to the exact ones, and a model takes 5.4 MB of a page.
 */
const STEPS = { words: 31, others: 63 };
/** Smaller tensors, such as biases, stay exact. */
const SMALL = 4096;

/**
 * Packs a model of sentence-transformers layout.
 *
 * @param folder a BERT or MPNet model with mean or CLS pooling and nothing but Normalize after it
 * @returns compressed by deflate, without a header
 * @throws {UnsupportedModelError} when the plain encoder cannot run the model
 */
export async function packPageModel(folder: string): Promise<Uint8Array> {
  const bytes = packTensors(await readPageModel(folder), (key, { length }) => {
    if (length < SMALL) return undefined;
    return key === 'words' ? STEPS.words : STEPS.others;
  });
  return promisify(deflateRaw)(bytes, { level: 9 });
}

async function readPageModel(folder: string): Promise<PageModelData> {
  const configuration = await readModelConfiguration(folder);
  const json = async (file: string) => JSON.parse(await readFile(path.join(folder, file), 'utf8'));
  const encoder = await readPlainModel(folder);
  const { pooling, rest } = await loadModules(configuration, encoder.hiddenSize);
  const other = rest.find((module) => !(module instanceof Normalize));
  if (other) {
    throw new UnsupportedModuleError(`A page cannot run ${folder}: it has the module ${other}.`, {
      module: String(other),
      folder,
    });
  }
  return {
    encoder,
    pooling: pooling.modes,
    normalize: rest.length > 0,
    maxSeqLength: configuration.transformer.maxSeqLength ?? Number.MAX_SAFE_INTEGER,
    tokenizer: await json('tokenizer.json'),
    tokenizerConfig: await json('tokenizer_config.json'),
  };
}
