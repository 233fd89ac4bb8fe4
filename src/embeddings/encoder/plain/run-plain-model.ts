/** Runs a plain encoder on one sentence: embeddings, then layer after layer. */
import { relativeBucket } from '../../graph/blocks/relative-bias.ts';
import { positionsOf } from '../packed-batch.ts';
import { addTo, applyLinear, gelu, normalizeRows, relu, softmax } from './matrix-math.ts';
import type { PlainLayer, PlainModel } from './plain-model.ts';

/** Adds to the score of a query's place and a key's place in one head. */
type Bias = (head: number, distance: number) => number;

/**
 * The last hidden state of one sentence.
 *
 * @param ids token ids, special tokens included, no more than the model has positions for
 * @returns [tokens, hiddenSize], row-major
 * @see BertModel and MPNetModel of Hugging Face transformers
 */
export function runPlainModel(model: PlainModel, ids: Int32Array): Float32Array {
  const bias = biasByDistance(model);
  let rows = embed(model, ids);
  for (const layer of model.layers) rows = runLayer(model, layer, rows, bias);
  return rows;
}

function embed(model: PlainModel, ids: Int32Array): Float32Array {
  const { words, positions, positionPadding, norm, hiddenSize, epsilon } = model;
  const rowOf = (table: Float32Array, i: number) => table.subarray(i * hiddenSize, (i + 1) * hiddenSize);
  const places = positionsOf(ids, positionPadding);
  const rows = new Float32Array(ids.length * hiddenSize);
  ids.forEach((id, token) => {
    addTo(addTo(rowOf(rows, token), rowOf(words, id)), rowOf(positions, places[token]!));
  });
  return normalizeRows(rows, norm, epsilon);
}

function runLayer(model: PlainModel, layer: PlainLayer, rows: Float32Array, bias: Bias): Float32Array {
  const { epsilon, activation } = model;
  const activate = activation === 'gelu' ? gelu : relu;
  const attended = applyLinear(attend(model, layer, rows, bias), layer.attentionOutput);
  const middle = normalizeRows(addTo(attended, rows), layer.attentionNorm, epsilon);
  const output = applyLinear(activate(applyLinear(middle, layer.intermediate)), layer.output);
  return normalizeRows(addTo(output, middle), layer.outputNorm, epsilon);
}

/** Every token's mixture of all tokens' values, head by head. */
function attend(
  { heads, hiddenSize }: PlainModel,
  layer: PlainLayer,
  rows: Float32Array,
  bias: Bias,
): Float32Array {
  const [queries, keys, values] = [layer.query, layer.key, layer.value].map((part) =>
    applyLinear(rows, part),
  );
  const tokens = rows.length / hiddenSize;
  const size = hiddenSize / heads;
  const mixed = new Float32Array(rows.length);
  const weights = new Float32Array(tokens);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < tokens; query++) {
      const q = query * hiddenSize + head * size;
      for (let key = 0; key < tokens; key++) {
        const k = key * hiddenSize + head * size;
        let score = 0;
        for (let i = 0; i < size; i++) score += queries![q + i]! * keys![k + i]!;
        weights[key] = score / Math.sqrt(size) + bias(head, key - query);
      }
      softmax(weights);
      for (let key = 0; key < tokens; key++) {
        const v = key * hiddenSize + head * size;
        const weight = weights[key]!;
        for (let i = 0; i < size; i++) mixed[q + i]! += weight * values![v + i]!;
      }
    }
  }
  return mixed;
}

function biasByDistance({ relativeBias, heads }: PlainModel): Bias {
  if (relativeBias === undefined) return () => 0;
  const buckets = relativeBias.length / heads;
  return (head, distance) => relativeBias[relativeBucket(distance, buckets) * heads + head]!;
}
