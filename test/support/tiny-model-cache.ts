/** A Hugging Face cache in which the test's tiny models lie under the names of the activity's models. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const COMMIT = '0123456789012345678901234567890123456789';
const models = {
  'bert-base-nli-mean-tokens': 'tiny-bert-nli-mean-tokens',
  'all-mpnet-base-v2': 'tiny-all-mpnet-base-v2',
};

/** Fills a folder as HF_HUB_CACHE is laid out. @returns the folder */
export function makeTinyModelCache(folder: string): string {
  for (const [name, fixture] of Object.entries(models)) {
    addRepository(folder, `sentence-transformers--${name}`, fixture);
  }
  const reranker = addRepository(folder, 'cross-encoder--ms-marco-MiniLM-L6-v2', 'cross-encoders/bert');
  // Tells that the snapshot is whole: a cross encoder has no modules.json.
  writeFileSync(join(reranker, '.gitattributes'), '');
  return folder;
}

/** @returns the snapshot's folder */
function addRepository(folder: string, name: string, fixture: string): string {
  const repository = join(folder, `models--${name}`);
  const snapshot = join(repository, 'snapshots', COMMIT);
  mkdirSync(join(repository, 'refs'), { recursive: true });
  writeFileSync(join(repository, 'refs', 'main'), COMMIT);
  cpSync(join(fixtures, fixture), snapshot, { recursive: true });
  return snapshot;
}

/** Python's cosine similarities [5, 5] of the activity's sentences by such a tiny model. */
export function tinyModelSimilarities(name: keyof typeof models): number[][] {
  const reference = readFileSync(join(fixtures, models[name], 'reference.json'), 'utf8');
  return (JSON.parse(reference) as { five: { cos_sim: number[][] } }).five.cos_sim;
}
