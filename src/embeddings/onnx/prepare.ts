/** Makes the folder from which a model is loaded: its graph, its configuration and a link to its weights. */
import { createHash, randomUUID } from 'node:crypto';
import {
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { type EncoderConfig, readEncoderConfig } from './architectures.ts';
import { cachePlaces, claimPlace } from './cache-places.ts';
import { WRITER, writeEncoder } from './encoder.ts';
import { floatSource } from './float-source.ts';
import { readSafetensors, type Safetensors } from './safetensors.ts';
import { Weights } from './weights.ts';

/** A folder that is ready to be loaded. */
export interface PreparedModel {
  /** Holds config.json, onnx/<modelFile>.onnx and the weights beside it. */
  readonly folder: string;
  /** The graph's file name without its ending. */
  readonly modelFile: string;
  readonly config: EncoderConfig;
}

/** What is read of a model before anything is made. */
interface Source {
  readonly configText: string;
  readonly config: EncoderConfig;
  readonly safetensors: Safetensors;
  /** Names the model's files, the writer and the precision; another graph has another key. */
  readonly key: string;
}

/** Puts a weights file beside the graph under another name. */
type Place = (file: string, target: string) => Promise<void>;

const GRAPH = 'packed';
const ABANDONED_MS = 3_600_000;

/**
 * Finds the graph of a model, or writes it. The folder appears complete or not at all, so processes may do this
 * at once. Its weights are hard links; copies only where the file system refuses links everywhere.
 *
 * @param folder the model's folder: config.json and safetensors
 * @param cacheDir receives one folder for each graph; without it, and where it is read-only, the system's cache
 * @throws {MissingWeightsError | SafetensorsError | TensorMismatchError | UnsupportedModelError}
 */
export async function prepareModel(folder: string, cacheDir?: string): Promise<PreparedModel> {
  const source = await readSource(folder);
  const places = cachePlaces(cacheDir);
  for (const place of places) {
    const target = path.join(place, source.key);
    if (await isComplete(target, source)) return prepared(target, source);
  }
  let refusal: unknown;
  for (const placeWeights of [link, copyWeights]) {
    for (const place of places) {
      if (!(await claimPlace(place))) continue;
      try {
        return prepared(await build(place, source, placeWeights), source);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal = error;
      }
    }
  }
  throw new Error(
    `No folder takes the graph of ${folder}; tried ${places.join(', ')}. Give a writable cacheDir.`,
    { cause: refusal },
  );
}

function prepared(folder: string, source: Source): PreparedModel {
  return { folder, modelFile: GRAPH, config: source.config };
}

async function readSource(folder: string): Promise<Source> {
  const configFile = path.join(folder, 'config.json');
  const configText = await readFile(configFile, 'utf8');
  const config = readEncoderConfig(JSON.parse(configText));
  const safetensors = await readSafetensors(folder);
  const identities = await Promise.all(safetensors.files.map(identity));
  const key = createHash('sha256')
    .update(JSON.stringify([WRITER, configText, identities]))
    .digest('hex')
    .slice(0, 32);
  return { configText, config, safetensors, key };
}

/** What tells a file from another one that later takes its name. */
async function identity(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
  return [file, dev, ino, size, mtimeNs].join(':');
}

/** Builds in a folder of its own, then renames: whoever comes second finds the first one's and drops its own. */
async function build(place: string, source: Source, placeWeights: Place): Promise<string> {
  await removeAbandoned(place);
  const target = path.join(place, source.key);
  const draft = path.join(place, `.${source.key}.${randomUUID()}`);
  try {
    await writeFiles(draft, source, placeWeights);
    await publish(draft, target, source);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

async function writeFiles(folder: string, source: Source, placeWeights: Place): Promise<void> {
  const onnx = path.join(folder, 'onnx');
  const locations = weightLocations(source.safetensors);
  const graph = writeEncoder(source.config, floatSource(new Weights(source.safetensors), locations));
  await mkdir(onnx, { recursive: true });
  await writeFile(path.join(onnx, `${GRAPH}.onnx`), graph);
  for (const [file, name] of locations) await placeWeights(file, path.join(onnx, name));
  await writeFile(path.join(folder, 'config.json'), withoutLoaderSettings(source.configText));
}

async function publish(draft: string, target: string, source: Source): Promise<void> {
  try {
    await rename(draft, target);
  } catch (error) {
    if (await isComplete(target, source)) return;
    if (!(await exists(target))) throw error;
    await rm(target, { recursive: true, force: true });
    await rename(draft, target);
  }
}

/** A file in the folder may have been deleted since; a link cannot be half there. */
async function isComplete(folder: string, source: Source): Promise<boolean> {
  if (!(await exists(path.join(folder, 'config.json')))) return false;
  for (const [file, name] of weightLocations(source.safetensors)) {
    const linked = await stat(path.join(folder, 'onnx', name)).catch(() => undefined);
    if (linked?.size !== (await stat(file)).size) return false;
  }
  return exists(path.join(folder, 'onnx', `${GRAPH}.onnx`));
}

function weightLocations({ files }: Safetensors): Map<string, string> {
  return new Map(files.map((file, i) => [file, `weights-${i + 1}.safetensors`]));
}

/** Some repositories tell transformers.js how to load their own export; this graph is not that one. */
function withoutLoaderSettings(configText: string): string {
  const { 'transformers.js_config': _, ...config } = JSON.parse(configText);
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Removes what killed processes left. */
async function removeAbandoned(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (!name.startsWith('.')) continue;
    const draft = path.join(place, name);
    const age = Date.now() - ((await stat(draft).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > ABANDONED_MS) await rm(draft, { recursive: true, force: true });
  }
}

const copyWeights: Place = (file, target) => copyFile(file, target, constants.COPYFILE_FICLONE);

/** Whether the file system refuses here and may not elsewhere. */
function isRefusal(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return [
    'EACCES',
    'EPERM',
    'EROFS',
    'EXDEV',
    'ENOSPC',
    'EMLINK',
    'ENOTSUP',
    'EOPNOTSUPP',
    'ENOSYS',
  ].includes(code);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
