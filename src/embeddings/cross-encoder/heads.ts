/** The classifiers that stand on encoders: what each family makes of a pair's rows. */
import { ModelFormatError, UnsupportedModuleError } from '../errors.ts';
import type { JsonObject } from '../json-file.ts';
import { Dense } from '../modules/dense.ts';
import type { EmbeddingModule } from '../modules/embedding-module.ts';
import { LayerNorm } from '../modules/layer-norm.ts';
import { readSafetensors, readTensor, type Safetensors } from '../weights/safetensors.ts';

/** A classifier, loaded. */
export interface Head {
  /** Scores of a pair. */
  readonly labels: number;
  /** How the tokens' rows become one: the first token's, or their mean. */
  readonly pooling: 'cls' | 'mean';
  /** @param pooled [count, hidden size] @returns logits [count, labels] */
  apply(pooled: Float32Array, count: number): Float32Array;
}

/** A linear module of a head and the activation behind it; the last one's outputs are the labels. */
interface Layer {
  readonly name: string;
  /** One of DENSE_ACTIVATIONS. */
  readonly activation: string;
  readonly hasBias?: boolean;
  /** A LayerNorm behind the activation. */
  readonly norm?: { readonly name: string; readonly hasBias: boolean };
}

const ROBERTA: readonly Layer[] = [
  { name: 'classifier.dense', activation: 'Tanh' },
  { name: 'classifier.out_proj', activation: 'Identity' },
];
const LAYERS: Readonly<Record<string, (config: JsonObject) => readonly Layer[]>> = {
  bert: () => [
    { name: 'pooler.dense', activation: 'Tanh' },
    { name: 'classifier', activation: 'Identity' },
  ],
  roberta: () => ROBERTA,
  'xlm-roberta': () => ROBERTA,
  camembert: () => ROBERTA,
  mpnet: () => ROBERTA,
  electra: () => [{ ...ROBERTA[0]!, activation: 'GELU' }, ROBERTA[1]!],
  distilbert: () => [
    { name: 'pre_classifier', activation: 'ReLU' },
    { name: 'classifier', activation: 'Identity' },
  ],
  modernbert: modernbertLayers,
};

function modernbertLayers(config: JsonObject): Layer[] {
  const activation = config.classifier_activation ?? 'gelu';
  if (activation !== 'gelu' || (config.norm_eps ?? 1e-5) !== 1e-5) {
    throw new UnsupportedModuleError(
      `The classifier's classifier_activation '${activation}' with norm_eps ${config.norm_eps} is not supported, ` +
        'only gelu with 1e-5.',
      { module: 'classifier', folder: '' },
    );
  }
  const norm = { name: 'head.norm', hasBias: config.norm_bias === true };
  return [
    { name: 'head.dense', activation: 'GELU', hasBias: config.classifier_bias === true, norm },
    { name: 'classifier', activation: 'Identity' },
  ];
}

/**
 * Loads a model's classifier.
 *
 * @param config config.json
 * @throws {UnsupportedModuleError} when the family has no classifier here
 * @throws {ModelFormatError} when the weights hold none
 */
export async function loadHead(folder: string, config: JsonObject, hiddenSize: number): Promise<Head> {
  const type = String(config.model_type);
  if (!Object.hasOwn(LAYERS, type)) {
    throw new UnsupportedModuleError(
      `Cannot score pairs with ${folder}: its model_type '${type}' is not one of ${Object.keys(LAYERS).join(', ')}.`,
      { module: type, folder },
    );
  }
  const safetensors = await readSafetensors(folder);
  const modules: EmbeddingModule[] = [];
  for (const layer of LAYERS[type]!(config)) {
    modules.push(...(await loadLayer(safetensors, folder, layer, modules.at(-1)?.dimension ?? hiddenSize)));
  }
  return {
    labels: modules.at(-1)!.dimension,
    pooling: type === 'modernbert' && config.classifier_pooling === 'mean' ? 'mean' : 'cls',
    apply: (pooled, count) => modules.reduce((rows, module) => module.apply(rows, count), pooled),
  };
}

async function loadLayer(
  safetensors: Safetensors,
  folder: string,
  { name, activation, hasBias = true, norm }: Layer,
  inFeatures: number,
): Promise<EmbeddingModule[]> {
  const outFeatures = findTensor(safetensors, folder, `${name}.weight`).shape[0]!;
  const read = (tensor: string, shape: readonly number[]) => readFrom(safetensors, folder, tensor, shape);
  const dense = new Dense({
    weight: await read(`${name}.weight`, [outFeatures, inFeatures]),
    bias: hasBias ? await read(`${name}.bias`, [outFeatures]) : undefined,
    inFeatures,
    outFeatures,
    activation,
    activationPath: activation,
  });
  if (norm === undefined) return [dense];
  const bias = norm.hasBias ? await read(`${norm.name}.bias`, [outFeatures]) : new Float32Array(outFeatures);
  return [dense, new LayerNorm({ weight: await read(`${norm.name}.weight`, [outFeatures]), bias })];
}

async function readFrom(
  safetensors: Safetensors,
  folder: string,
  name: string,
  shape: readonly number[],
): Promise<Float32Array> {
  const entry = findTensor(safetensors, folder, name);
  if (entry.shape.join() === shape.join()) return readTensor(entry);
  throw new ModelFormatError(
    `${name} in ${folder} has the shape [${entry.shape.join(', ')}], and the classifier needs [${shape.join(', ')}]. ` +
      'Download the model again.',
    { folder, file: 'model.safetensors' },
  );
}

/** By its name, or by its name behind the encoder's prefix. */
function findTensor({ tensors }: Safetensors, folder: string, name: string) {
  const found = tensors.get(name) ?? [...tensors].find(([key]) => key.endsWith(`.${name}`))?.[1];
  if (found !== undefined) return found;
  throw new ModelFormatError(
    `The weights in ${folder} have no ${name}: this model encodes texts and scores no pairs. ` +
      "Load it with SentenceTransformer.load(), or take one such as 'cross-encoder/ms-marco-MiniLM-L6-v2'.",
    { folder, file: 'model.safetensors' },
  );
}
