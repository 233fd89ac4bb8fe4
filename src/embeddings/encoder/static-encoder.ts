/** Runs a StaticEmbedding (model2vec): each token's row is looked up in a table; there is no network behind it. */
import { ModelFormatError } from '../errors.ts';
import type { WeightsDtype } from '../weights/dtype.ts';
import { floatToHalf, halfToFloat } from '../weights/half-precision.ts';
import { requireFinite } from '../weights/require-finite.ts';
import { readSafetensors, readTensor, type Safetensors } from '../weights/safetensors.ts';
import type { Encoder } from './encoder.ts';
import { planBatches } from './plan-batches.ts';

const FILE = 'model.safetensors';

/** The table's names: sentence-transformers' own, and model2vec's. */
const TABLES = ['embedding.weight', 'embeddings'];

/** Tensors with which newer model2vec files change what a token's row is; sentence-transformers reads none of them. */
const UNREAD = ['mapping', 'weights'];

/** Tokens of a batch: a moment's work, so that progress and interrupts get through. */
const TOKEN_BUDGET = 65_536;

/**
 * Loads the table of a StaticEmbedding module.
 *
 * @param folder the module's folder: model.safetensors
 * @throws {ModelFormatError} when the file has no such table
 * @throws {RangeError} when dtype is q8
 * @see sentence_transformers.sentence_transformer.modules.StaticEmbedding
 */
export async function loadStaticEncoder(
  folder: string,
  { dtype }: { dtype: WeightsDtype },
): Promise<Encoder> {
  if (dtype === 'q8') {
    throw new RangeError(
      `${folder} is a table of word vectors, which has no 8-bit form (dtype 'q8'). Choose fp32 or fp16.`,
    );
  }
  const { name, entry } = findTable(await readSafetensors(folder), folder);
  await requireFinite([[name, entry]]);
  const exact = await readTensor(entry);
  const table = dtype === 'fp16' ? halfToFloat(floatToHalf(exact)) : exact;
  return new StaticEncoder(table, entry.shape[1]!, dtype);
}

function findTable({ tensors }: Safetensors, folder: string) {
  const unread = UNREAD.find((name) => tensors.has(name));
  if (unread !== undefined) {
    throw new ModelFormatError(
      `${FILE} in ${folder} has the tensor ${unread}, which sentence-transformers does not read either. ` +
        'Save the model once in Python: StaticEmbedding.from_model2vec(name) in a SentenceTransformer, then save().',
      { folder, file: FILE },
    );
  }
  for (const name of TABLES) {
    const entry = tensors.get(name);
    if (entry?.shape.length === 2) return { name, entry };
  }
  const found = [...tensors].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ');
  throw new ModelFormatError(
    `${FILE} in ${folder} has no table ${TABLES.join(' or ')} of two axes; it has ${found || 'no tensor'}. ` +
      'Download the model again.',
    { folder, file: FILE },
  );
}

/** Rows of tokens are rows of the table; a sentence without tokens has none. */
class StaticEncoder implements Encoder {
  readonly hiddenSize: number;
  readonly maxTokens = Number.POSITIVE_INFINITY;
  readonly dtype: WeightsDtype;
  #table: Float32Array;

  constructor(table: Float32Array, columns: number, dtype: WeightsDtype) {
    this.#table = table;
    this.hiddenSize = columns;
    this.dtype = dtype;
  }

  planBatches(lengths: readonly number[], mostSentences?: number): number[][] {
    return planBatches(lengths, TOKEN_BUDGET, mostSentences);
  }

  /** @throws {RangeError} when an id is beyond the table */
  async run(sentences: readonly Int32Array[]): Promise<Float32Array> {
    const columns = this.hiddenSize;
    const tokens = sentences.reduce((sum, ids) => sum + ids.length, 0);
    const rows = new Float32Array(tokens * columns);
    let target = 0;
    for (const ids of sentences) {
      for (const id of ids) {
        const row = this.#table.subarray(id * columns, (id + 1) * columns);
        if (row.length < columns) throw this.#beyond(id);
        rows.set(row, target);
        target += columns;
      }
    }
    return rows;
  }

  async dispose(): Promise<void> {
    this.#table = new Float32Array(0);
  }

  #beyond(id: number): RangeError {
    return new RangeError(
      `A token has the id ${id}, and the table has ${this.#table.length / this.hiddenSize} rows. ` +
        'Check that tokenizer.json and model.safetensors belong to one model.',
    );
  }
}
