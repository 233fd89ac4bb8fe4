/** Makes full-size models with random weights, so that the bench needs no download. */
import { copyFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The families that are measured. */
export type Family = 'bert' | 'mpnet';

const FIXTURES: Record<Family, string> = {
  bert: 'tiny-bert-nli-mean-tokens',
  mpnet: 'tiny-all-mpnet-base-v2',
};
const FULL_SIZE = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
};
const VOCABULARY: Record<Family, number> = { bert: 30522, mpnet: 30527 };
const POSITIONS: Record<Family, number> = { bert: 512, mpnet: 514 };
const STANDARD_DEVIATION = 0.02;
/** Channels that reach far beyond the others, and how far: as in all-mpnet-base-v2. */
const OUTLIERS = [461, 555, 568];
const OUTLIER_SCALE = 15;

/**
 * Writes a model in the layout of sentence-transformers: the sizes of bert-base or mpnet-base, weights drawn as
 * BERT's initialisation draws them but with outliers as real weights have them, the tokenizer of the test fixtures.
 *
 * @param folder is made; nothing is done when it is there
 */
export async function makeRandomModel(folder: string, family: Family): Promise<void> {
  const fixture = path.resolve('test/fixtures', FIXTURES[family]);
  if (await readFile(path.join(folder, 'modules.json')).catch(() => undefined)) return;
  await mkdir(path.join(folder, '1_Pooling'), { recursive: true });
  const config = JSON.parse(await readFile(path.join(fixture, 'config.json'), 'utf8'));
  const size = { ...FULL_SIZE, vocab_size: VOCABULARY[family], max_position_embeddings: POSITIONS[family] };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ ...config, ...size }));
  const pooling = JSON.parse(await readFile(path.join(fixture, '1_Pooling/config.json'), 'utf8'));
  const wide = { ...pooling, word_embedding_dimension: 768, embedding_dimension: 768 };
  await writeFile(path.join(folder, '1_Pooling/config.json'), JSON.stringify(wide));
  await writeWeights(path.join(folder, 'model.safetensors'), tensorShapes(family));
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'vocab.txt']) {
    await copyFile(path.join(fixture, name), path.join(folder, name));
  }
  await writeFile(path.join(folder, 'sentence_bert_config.json'), '{"max_seq_length": 512}');
  await copyFile(path.join(fixture, 'modules.json'), path.join(folder, 'modules.json'));
}

function tensorShapes(family: Family): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  const module = (name: string, ...shape: number[]) => {
    shapes.set(`${name}.weight`, shape);
    shapes.set(`${name}.bias`, [shape[0]!]);
  };
  shapes.set('embeddings.word_embeddings.weight', [VOCABULARY[family], 768]);
  shapes.set('embeddings.position_embeddings.weight', [POSITIONS[family], 768]);
  if (family === 'bert') shapes.set('embeddings.token_type_embeddings.weight', [2, 768]);
  else shapes.set('encoder.relative_attention_bias.weight', [32, 12]);
  module('embeddings.LayerNorm', 768);
  const attention = family === 'bert' ? BERT_ATTENTION : MPNET_ATTENTION;
  for (let layer = 0; layer < 12; layer++) {
    const prefix = `encoder.layer.${layer}.`;
    for (const name of attention.linear) module(prefix + name, 768, 768);
    module(prefix + attention.norm, 768);
    module(`${prefix}intermediate.dense`, 3072, 768);
    module(`${prefix}output.dense`, 768, 3072);
    module(`${prefix}output.LayerNorm`, 768);
  }
  module('pooler.dense', 768, 768);
  return shapes;
}

const BERT_ATTENTION = {
  linear: ['self.query', 'self.key', 'self.value', 'output.dense'].map((name) => `attention.${name}`),
  norm: 'attention.output.LayerNorm',
};
const MPNET_ATTENTION = {
  linear: ['q', 'k', 'v', 'o'].map((name) => `attention.attn.${name}`),
  norm: 'attention.LayerNorm',
};

async function writeWeights(file: string, shapes: ReadonlyMap<string, readonly number[]>): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, shape] of shapes) {
    const length = 4 * count(shape);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + length] };
    offset += length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(Buffer.concat([prefix, json]));
    const random = normalNumbers();
    for (const [name, shape] of shapes) {
      const isScale = /norm\.weight$/i.test(name);
      const values = Float32Array.from({ length: count(shape) }, (_, i) => {
        if (!isScale) return STANDARD_DEVIATION * random();
        return OUTLIERS.includes(i) ? OUTLIER_SCALE : 1;
      });
      await handle.writeFile(new Uint8Array(values.buffer));
    }
  } finally {
    await handle.close();
  }
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Close to normal and the same every time: the sum of twelve uniform numbers would be too slow, four do. */
function normalNumbers(): () => number {
  let state = 12345;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const scale = Math.sqrt(3);
  return () => scale * (uniform() + uniform() + uniform() + uniform());
}
