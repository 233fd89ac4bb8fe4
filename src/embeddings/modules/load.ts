/** Builds a model's modules after the transformer from their configuration files and weights. */
import path from 'node:path';
import type { ModelConfiguration, ModuleReference } from '../configuration.ts';
import { ModelFormatError, UnsupportedModuleError } from '../errors.ts';
import { type JsonObject, readJsonObject } from '../json-file.ts';
import { requireFinite } from '../weights/require-finite.ts';
import { readSafetensors, readTensor } from '../weights/safetensors.ts';
import { DENSE_ACTIVATIONS, Dense } from './dense.ts';
import type { EmbeddingModule } from './embedding-module.ts';
import { LayerNorm } from './layer-norm.ts';
import { Normalize } from './normalize.ts';
import { LEGACY_POOLING_KEYS, POOLING_MODES, Pooling, type PoolingMode } from './pooling.ts';

/** All that comes after the transformer. */
export interface LoadedModules {
  readonly pooling: Pooling;
  /** In order. */
  readonly rest: readonly EmbeddingModule[];
}

const SUPPORTED = ['Transformer', 'StaticEmbedding', 'Pooling', 'Dense', 'LayerNorm', 'Normalize'];

/**
 * Reads the modules which modules.json lists; without the file, mean pooling.
 *
 * @param configuration what the model's folder says
 * @param hiddenSize columns of a token's row
 * @throws {UnsupportedModuleError} when a module, a mode or an activation is not supported
 * @throws {ModelFormatError} when a module's file is missing or does not fit
 */
export async function loadModules(
  configuration: ModelConfiguration,
  hiddenSize: number,
): Promise<LoadedModules> {
  const { modules, folder, transformer } = configuration;
  if (modules.length === 0) return { pooling: meanPooling(hiddenSize), rest: [] };

  for (const { type } of modules) if (!SUPPORTED.includes(type)) throw unsupported(type, folder);
  const [first, second, ...others] = modules;
  // A table of word vectors takes their mean itself, and no pooling follows it.
  if (transformer.kind === 'static' && first?.type === 'StaticEmbedding') {
    return loadRest(meanPooling(hiddenSize), modules.slice(1));
  }
  if (first?.type !== 'Transformer' || second?.type !== 'Pooling') {
    const order = modules.map((module) => module.type).join(', ');
    throw new UnsupportedModuleError(
      `Cannot load ${folder}: its modules are ${order}, and only Transformer, Pooling, then others can run.`,
      { module: order, folder },
    );
  }
  return loadRest(await loadPooling(second, hiddenSize), others);
}

async function loadRest(pooling: Pooling, modules: readonly ModuleReference[]): Promise<LoadedModules> {
  const rest: EmbeddingModule[] = [];
  for (const module of modules) {
    rest.push(await loadModule(module, rest.at(-1)?.dimension ?? pooling.dimension));
  }
  return { pooling, rest };
}

function meanPooling(tokenDimension: number): Pooling {
  return new Pooling({ tokenDimension, modes: ['mean'], includePrompt: true });
}

function unsupported(type: string, folder: string): UnsupportedModuleError {
  return new UnsupportedModuleError(
    `Cannot load ${folder}: its module ${type} is not supported. Supported are ${SUPPORTED.join(', ')}.`,
    { module: type, folder },
  );
}

async function loadModule(module: ModuleReference, dimension: number): Promise<EmbeddingModule> {
  if (module.type === 'Normalize') return loadNormalize(module, dimension);
  if (module.type === 'Dense') return loadDense(module, dimension);
  if (module.type === 'LayerNorm') return loadLayerNorm(module, dimension);
  throw unsupported(module.type, module.folder);
}

async function readConfig(folder: string): Promise<JsonObject> {
  const config = await readJsonObject(folder, 'config.json');
  if (config) return config;
  throw new ModelFormatError(`config.json is missing in ${folder}. Download the model again.`, {
    folder,
    file: 'config.json',
  });
}

async function loadPooling({ folder }: ModuleReference, hiddenSize: number): Promise<Pooling> {
  const config = await readConfig(folder);
  const tokenDimension = config.embedding_dimension ?? config.word_embedding_dimension;
  if (tokenDimension !== hiddenSize) {
    const message = `The pooling in ${folder} expects ${tokenDimension} columns, and the transformer gives ${hiddenSize}`;
    throw new ModelFormatError(`${message}. Download the model again.`, { folder, file: 'config.json' });
  }
  const modes = readPoolingModes(config, folder);
  return new Pooling({ tokenDimension: hiddenSize, modes, includePrompt: config.include_prompt !== false });
}

/** New: `pooling_mode`, one name or a list in its own order. Old: a yes or no for each mode, in a fixed order. */
function readPoolingModes(config: JsonObject, folder: string): PoolingMode[] {
  if (config.pooling_mode !== undefined) {
    return [config.pooling_mode].flat().map((given) => {
      const mode = POOLING_MODES.find((known) => known === given);
      if (mode) return mode;
      throw new UnsupportedModuleError(
        `Cannot load ${folder}: its pooling mode '${given}' is not one of ${POOLING_MODES.join(', ')}.`,
        { module: `Pooling ${given}`, folder },
      );
    });
  }
  const known = [...LEGACY_POOLING_KEYS.values()];
  const unknown = Object.keys(config).find(
    (key) => key.startsWith('pooling_mode_') && config[key] === true && !known.includes(key),
  );
  if (unknown) {
    throw new UnsupportedModuleError(`Cannot load ${folder}: its ${unknown} is not supported.`, {
      module: `Pooling ${unknown}`,
      folder,
    });
  }
  const modes = POOLING_MODES.filter((mode) => config[LEGACY_POOLING_KEYS.get(mode)!] === true);
  return modes.length > 0 ? modes : ['mean'];
}

/** Normalize and Dense can be pointed at other features than the sentence embedding; that is for token models. */
function requireSentenceEmbedding(config: JsonObject, { type, folder }: ModuleReference): void {
  for (const key of ['module_input_name', 'module_output_name']) {
    const name = config[key] ?? 'sentence_embedding';
    if (name === 'sentence_embedding') continue;
    throw new UnsupportedModuleError(
      `Cannot load ${folder}: ${type} on '${name}' is not supported, only on 'sentence_embedding'.`,
      { module: `${type} ${name}`, folder },
    );
  }
}

async function loadNormalize(module: ModuleReference, dimension: number): Promise<Normalize> {
  requireSentenceEmbedding((await readJsonObject(module.folder, 'config.json')) ?? {}, module);
  return new Normalize(dimension);
}

async function loadDense(module: ModuleReference, dimension: number): Promise<Dense> {
  const { folder } = module;
  const config = await readConfig(folder);
  requireSentenceEmbedding(config, module);
  const activationPath = `${config.activation_function ?? 'torch.nn.modules.activation.Tanh'}`;
  const activation = activationPath.slice(activationPath.lastIndexOf('.') + 1);
  if (!activationPath.startsWith('torch.') || !DENSE_ACTIVATIONS.includes(activation)) {
    throw new UnsupportedModuleError(
      `Cannot load ${folder}: its activation ${activationPath} is not one of ${DENSE_ACTIVATIONS.join(', ')}.`,
      { module: `Dense ${activationPath}`, folder },
    );
  }
  const outFeatures = Number(config.out_features);
  const tensors = await readWeights(folder);
  const readResidual = async () =>
    outFeatures === dimension ? 'input' : tensors('residual.weight', [outFeatures, dimension]);
  return new Dense({
    weight: await tensors('linear.weight', [outFeatures, dimension]),
    bias: config.bias === false ? undefined : await tensors('linear.bias', [outFeatures]),
    inFeatures: dimension,
    outFeatures,
    activation,
    activationPath,
    residual: config.use_residual === true ? await readResidual() : undefined,
  });
}

async function loadLayerNorm({ folder }: ModuleReference, dimension: number): Promise<LayerNorm> {
  const tensors = await readWeights(folder);
  return new LayerNorm({
    weight: await tensors('norm.weight', [dimension]),
    bias: await tensors('norm.bias', [dimension]),
  });
}

/** @returns reads one tensor of the folder's weights and checks its shape */
async function readWeights(
  folder: string,
): Promise<(name: string, shape: readonly number[]) => Promise<Float32Array>> {
  const { tensors } = await readSafetensors(folder);
  return async (name, shape) => {
    const entry = tensors.get(name);
    if (entry && entry.shape.join() === shape.join()) {
      await requireFinite([[name, entry]]);
      return readTensor(entry);
    }
    const found = entry ? `has the shape [${entry.shape.join(', ')}]` : 'is missing';
    const file = path.basename(entry?.file ?? 'model.safetensors');
    throw new ModelFormatError(
      `${name} in ${folder} ${found}, and the model needs [${shape.join(', ')}]. Download the model again.`,
      { folder, file },
    );
  };
}
