/** Makes the folder from which a model is loaded: its graph, its configuration, and weights that nobody else changes. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { contentHash, fileIdentity, hashFile, promisedHash } from '../../files/content-hash.ts';
import type { WeightsDtype } from '../weights/dtype.ts';
import { SafetensorsError } from '../weights/errors.ts';
import { writeHalved } from '../weights/halve.ts';
import { requireFinite } from '../weights/require-finite.ts';
import { readSafetensors, type Safetensors } from '../weights/safetensors.ts';
import { Weights } from '../weights/weights.ts';
import { NOTES } from './cache/clear-out.ts';
import { findOrMakeFolder, type PlaceFile } from './cache/folders.ts';
import { cachePlaces, claimPlace, type Place } from './cache/places.ts';
import type { EncoderPlan } from './families/encoder-plan.ts';
import { planEncoder } from './families/families.ts';
import { floatSource } from './float-source.ts';
import { type InputMagnitudes, observedSource } from './observe.ts';
import { quantizedSource } from './quantize.ts';
import { WRITER, writeEncoder } from './write-encoder.ts';

/** A folder that is ready to be loaded. */
export interface PreparedModel {
  /** Holds config.json, onnx/<modelFile>.onnx and the weights beside it. */
  readonly folder: string;
  /** The graph's file name without its ending. */
  readonly modelFile: string;
  readonly plan: EncoderPlan;
}

/** Runs sentences through the graph that {@link observedSource} made, in a folder that is ready to be loaded. */
export type Observe = (graph: PreparedModel) => Promise<InputMagnitudes>;

/** How a model is prepared. */
export interface PrepareOptions {
  readonly precision: WeightsDtype;
  /** Receives one folder for each graph; without it, and where it is read-only, the system's cache folder does. */
  readonly cacheDir?: string | undefined;
  /** Whether pairs of texts are encoded, whose tokens may be of two types. */
  readonly isPaired?: boolean | undefined;
  /** Called where a graph in 8 bits has to be made; without it all of a linear module is in 8 bits. */
  readonly observe?: Observe | undefined;
}

/** What is read of a model before anything is made. */
interface Source {
  readonly configText: string;
  readonly plan: EncoderPlan;
  readonly safetensors: Safetensors;
}

/** Where a model is written. */
interface Draft {
  /** The folder that will be the model's. */
  readonly draft: string;
  readonly placeFile: PlaceFile;
  readonly observe: Observe | undefined;
}

const GRAPH = 'packed';
const OBSERVED = 'observed';
const QUANTIZED = 'quantized.bin';

/** All that transformers.js asks: load one session, whatever the model; the family’s own settings are in the graph. */
const LOADER_CONFIG = '{ "model_type": "bert" }\n';

/**
 * Finds the graph of a model, or writes it: kept by the content of the model's files, the precision and the version
 * of the writer, so that one folder serves every copy of the model.
 *
 * @param folder the model's folder: config.json and safetensors
 * @throws {MissingWeightsError | SafetensorsError | TensorMismatchError | UnsupportedModelError}
 * @throws {NonFiniteWeightsError} when a tensor holds NaN or infinity, or numbers that fp16 cannot hold
 */
export async function prepareModel(
  folder: string,
  { precision, cacheDir, isPaired = false, observe }: PrepareOptions,
): Promise<PreparedModel> {
  const configText = await readFile(path.join(folder, 'config.json'), 'utf8');
  const plan = planEncoder(JSON.parse(configText), { isPaired });
  const safetensors = await readSafetensors(folder);
  new Weights(safetensors, plan.words).requireAllLayers(plan.layers);
  const places = cachePlaces(cacheDir);
  const identities = await Promise.all(safetensors.files.map(fileIdentity));
  const notes = await notesFolder(places);
  const hashes = await Promise.all(safetensors.files.map((file) => contentHash(file, notes)));
  const isObserved = precision === 'q8' && observe !== undefined;
  const key = createHash('sha256')
    .update(JSON.stringify([WRITER, precision, isObserved, plan.hasTypes, configText, hashes]))
    .digest('hex')
    .slice(0, 32);
  const source = { configText, plan, safetensors };
  const made = await findOrMakeFolder(places, {
    key,
    source: path.resolve(folder),
    variant: precision,
    hashes: new Map(safetensors.files.map((file, i) => [file, hashes[i]!])),
    make: async (draft, placeFile) => {
      await Promise.all(safetensors.files.map(requirePromised));
      await writeModel({ draft, placeFile, observe }, source, precision);
      await requireUnchanged(safetensors.files, identities);
    },
  });
  return { folder: made, modelFile: GRAPH, plan };
}

/** Where the hashes of large files are noted: the first place of this user's own. */
async function notesFolder(places: readonly Place[]): Promise<string | undefined> {
  for (const place of places) {
    if (!place.isNamed && (await claimPlace(place))) return path.join(place.path, NOTES);
  }
  return undefined;
}

/** The hub's cache calls files by their hashes: believed at every load, checked when something is made of them. */
async function requirePromised(file: string): Promise<void> {
  const promised = promisedHash(file);
  if (promised === undefined || (await hashFile(file)) === promised) return;
  throw new SafetensorsError(file, 'its content is not the one that its name stands for');
}

/** What is made of a file that was written meanwhile is of no use. */
async function requireUnchanged(files: readonly string[], identities: readonly string[]): Promise<void> {
  for (const [i, file] of files.entries()) {
    if (promisedHash(file) !== undefined || (await fileIdentity(file)) === identities[i]) continue;
    throw new SafetensorsError(file, 'it was written while the model was loaded', 'Load it again.');
  }
}

async function writeModel(to: Draft, source: Source, precision: WeightsDtype): Promise<void> {
  await mkdir(onnxFolder(to));
  await writeFile(path.join(to.draft, 'config.json'), LOADER_CONFIG);
  await writeGraph(to, GRAPH, await WRITE_GRAPH[precision](source, to));
}

/** Writes or places the weights of each precision, and gives the graph that points at them. */
const WRITE_GRAPH: Record<WeightsDtype, (source: Source, to: Draft) => Promise<Uint8Array>> = {
  async fp32({ plan, safetensors }, to) {
    const weights = new Weights(safetensors, plan.words);
    const graph = await writeEncoder(plan, floatSource(weights, await placeWeights(safetensors, to)));
    await requireFinite(weights.used);
    return graph;
  },

  async fp16({ plan, safetensors }, to) {
    const name = 'halved.safetensors';
    const halved = await writeHalved(safetensors, path.join(onnxFolder(to), name));
    const stored = { ...safetensors, files: safetensors.files.filter((file) => halved.files.includes(file)) };
    const locations = await placeWeights(stored, to);
    for (const file of halved.files) if (!locations.has(file)) locations.set(file, name);
    const weights = new Weights(halved, plan.words);
    const graph = await writeEncoder(plan, floatSource(weights, locations));
    await requireFinite([...weights.used.keys()].map((tensor) => [tensor, safetensors.tensors.get(tensor)!]));
    await requireFinite(weights.used, "half precision cannot hold it: load it with dtype 'fp32' or 'q8'");
    return graph;
  },

  async q8({ plan, safetensors }, to) {
    const weights = new Weights(safetensors, plan.words);
    const base = () => floatSource(weights, locations);
    const locations = await placeWeights(safetensors, to);
    const observed = await writeEncoder(plan, observedSource(base()));
    await requireFinite(weights.used);
    const magnitudes = await observeModel(plan, observed, to);
    const file = await open(path.join(onnxFolder(to), QUANTIZED), 'wx');
    try {
      const stored = { magnitudes, file, location: QUANTIZED };
      return await writeEncoder(plan, quantizedSource(weights, base(), stored));
    } finally {
      await file.close();
    }
  },
};

/** Runs the model in float32, from the very folder in which it is made. */
async function observeModel(plan: EncoderPlan, observed: Uint8Array, to: Draft): Promise<InputMagnitudes> {
  if (to.observe === undefined) return new Map();
  await writeGraph(to, OBSERVED, observed);
  const magnitudes = await to.observe({ folder: to.draft, modelFile: OBSERVED, plan });
  await rm(graphFile(to, OBSERVED));
  return magnitudes;
}

function writeGraph(to: Draft, name: string, graph: Uint8Array): Promise<void> {
  return writeFile(graphFile(to, name), graph);
}

function graphFile(to: Draft, name: string): string {
  return path.join(onnxFolder(to), `${name}.onnx`);
}

/** The folder of the graph and of the weights beside it. */
function onnxFolder({ draft }: Draft): string {
  return path.join(draft, 'onnx');
}

/** Places the model's own files beside the graph. @returns the name of each, by its real path */
async function placeWeights({ files }: Safetensors, to: Draft): Promise<Map<string, string>> {
  const locations = new Map<string, string>();
  for (const [i, file] of files.entries()) {
    const name = `weights-${i + 1}.safetensors`;
    await to.placeFile(file, path.join(onnxFolder(to), name));
    locations.set(file, name);
  }
  return locations;
}
