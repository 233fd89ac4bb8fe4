/** Runs a repository's own ONNX export: padded batches inside, rows of tokens out. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Tensor } from '@huggingface/transformers';
import { ModelFormatError } from '../errors.ts';
import { type JsonObject, readJsonObject } from '../json-file.ts';
import type { WeightsDtype } from '../weights/dtype.ts';
import { halfToFloat } from '../weights/half-precision.ts';
import {
  type Agreement,
  type MakeTrial,
  measureAgreement,
  requireAgreement,
  type Trial,
} from './agreement.ts';
import type { Encoder } from './encoder.ts';
import { planBatches } from './plan-batches.ts';

/** Where exports lie in a model's folder, and what they are called there: T5's has a decoder beside it. */
const FOLDERS = ['onnx', ''];
const NAMES = ['model', 'encoder_model'];

/** What follows the name in each precision, as transformers.js has it. */
const SUFFIXES: Readonly<Record<WeightsDtype, string>> = { fp32: '', fp16: '_fp16', q8: '_quantized' };

/** The names that exports give to the last hidden state, best first. */
const OUTPUTS = ['last_hidden_state', 'token_embeddings', 'hidden_states'];

/** Tokens of a batch: enough to keep the processor busy, little enough to let progress and interrupts through. */
const TOKEN_BUDGET = 1024;

/** What is used of onnxruntime's session. */
interface Session {
  readonly inputNames: readonly string[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** A file of an export. */
interface ExportFile {
  /** The folder in the model's folder, '' for itself. */
  readonly subfolder: string;
  /** Without precision and ending. */
  readonly name: string;
  /** Relative to the model's folder. */
  readonly file: string;
}

/** The inputs of an encoder: what stands in places of padding, and for the token `id` at `place` of a sentence. */
const INPUTS: Readonly<
  Record<string, { padding(padId: number): number; value(id: number, place: number): number }>
> = {
  input_ids: { padding: (padId) => padId, value: (id) => id },
  attention_mask: { padding: () => 0, value: () => 1 },
  token_type_ids: { padding: () => 0, value: () => 0 },
  position_ids: { padding: () => 0, value: (_id, place) => place },
};

/** @returns the export of that precision, undefined where there is none */
export async function findExport(folder: string, dtype: WeightsDtype): Promise<ExportFile | undefined> {
  for (const subfolder of FOLDERS) {
    const there = await readdir(path.join(folder, subfolder)).catch((): string[] => []);
    const name = NAMES.find((stem) => there.includes(`${stem}${SUFFIXES[dtype]}.onnx`));
    if (name !== undefined) {
      return { subfolder, name, file: path.posix.join(subfolder, `${name}${SUFFIXES[dtype]}.onnx`) };
    }
  }
  return undefined;
}

/**
 * Loads `onnx/model.onnx` of a model, or its variant of another precision, or `encoder_model.onnx`.
 *
 * @param folder absolute path of the folder with config.json
 * @param options dtype: precision of the weights; trial: what 8 bits are compared with float32 by, where that stands
 *   beside them
 * @throws {ModelFormatError} when there is no such file, it cannot be loaded, or it is no encoder's
 * @throws {InexactWeightsError} when 8 bits lose too much of this model
 */
export async function loadExportedEncoder(
  folder: string,
  { dtype, trial }: { dtype: WeightsDtype; trial?: MakeTrial | undefined },
): Promise<Encoder> {
  const encoder = await startExport(folder, dtype);
  if (dtype !== 'q8' || trial === undefined || !(await findExport(folder, 'fp32'))) return encoder;
  try {
    return Object.assign(encoder, {
      agreement: requireAgreement(folder, await compare(folder, encoder, await trial(encoder.hiddenSize))),
    });
  } catch (error) {
    await encoder.dispose();
    throw error;
  }
}

/** Runs the export in float32 beside it, which is not needed afterwards. */
async function compare(folder: string, encoder: Encoder, trial: Trial): Promise<Agreement> {
  const exact = await startExport(folder, 'fp32');
  try {
    const rows = await exact.run(trial.sentences);
    return measureAgreement(trial, rows, await encoder.run(trial.sentences));
  } finally {
    await exact.dispose();
  }
}

async function startExport(folder: string, dtype: WeightsDtype): Promise<Encoder> {
  const found = (await findExport(folder, dtype)) ?? (await missing(folder, dtype));
  const config = (await readJsonObject(folder, 'config.json')) ?? {};
  const { AutoModel, Tensor } = await import('@huggingface/transformers');
  let session: Session;
  try {
    const model = await AutoModel.from_pretrained(path.resolve(folder), {
      // One session, whatever the model; its own configuration may ask for a decoder, or for more files.
      config: { model_type: 'bert' } as never,
      local_files_only: true,
      device: 'cpu',
      dtype,
      subfolder: found.subfolder,
      model_file_name: found.name,
      // onnxruntime finds weights beside the graph by itself; told of missing ones, transformers.js waits for ever.
      use_external_data_format: false,
    });
    session = (model.sessions as unknown as { model: Session }).model;
  } catch (cause) {
    throw damaged(folder, found.file, 'cannot be loaded', cause);
  }
  try {
    return await ExportedEncoder.probe(session, Tensor, { folder, file: found.file, config, dtype });
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function missing(folder: string, dtype: WeightsDtype): Promise<never> {
  const file = `onnx/${NAMES[0]}${SUFFIXES[dtype]}.onnx`;
  const lists = await Promise.all(
    FOLDERS.map((name) => readdir(path.join(folder, name)).catch((): string[] => [])),
  );
  const exports = lists.flat().filter((name) => name.endsWith('.onnx'));
  const remedy = exports.length
    ? `There are ${exports.join(', ')}: choose another dtype`
    : 'Load it from its model.safetensors';
  throw new ModelFormatError(`${folder} has no ${file}. ${remedy}.`, { folder, file });
}

function damaged(folder: string, file: string, problem: string, cause: unknown): ModelFormatError {
  const why = (cause as Error).message;
  return new ModelFormatError(`${file} in ${folder} ${problem} (${why}). Download the model again.`, {
    folder,
    file,
    cause,
  });
}

/** What an encoder needs to know of its export. */
interface ExportOrigin {
  readonly folder: string;
  readonly file: string;
  readonly config: JsonObject;
  readonly dtype: WeightsDtype;
}

class ExportedEncoder implements Encoder {
  readonly maxTokens = Number.POSITIVE_INFINITY;
  readonly dtype: WeightsDtype;
  hiddenSize = 0;
  readonly #session: Session;
  readonly #Tensor: typeof Tensor;
  readonly #padId: number;
  readonly #origin: ExportOrigin;
  #output: string | undefined;

  private constructor(session: Session, TensorClass: typeof Tensor, origin: ExportOrigin) {
    this.#session = session;
    this.#Tensor = TensorClass;
    this.#origin = origin;
    this.dtype = origin.dtype;
    const { pad_token_id: padId } = origin.config;
    this.#padId = typeof padId === 'number' ? padId : 0;
  }

  /** Runs two tokens: what comes out tells which output has a row for each, and how many columns it has. */
  static async probe(session: Session, TensorClass: typeof Tensor, origin: ExportOrigin): Promise<Encoder> {
    const encoder = new ExportedEncoder(session, TensorClass, origin);
    encoder.#requireInputs();
    const outputs = await encoder.#runSession([Int32Array.of(0, 0)], 2);
    const isRows = (name: string) => outputs[name]!.dims.length === 3 && outputs[name]!.dims[1] === 2;
    const candidates = Object.keys(outputs).filter(isRows);
    const output = OUTPUTS.find((name) => candidates.includes(name)) ?? candidates[0];
    if (output === undefined) throw encoder.#withoutRows(outputs);
    encoder.#output = output;
    encoder.hiddenSize = outputs[output]!.dims[2]!;
    for (const tensor of Object.values(outputs)) tensor.dispose();
    return encoder;
  }

  planBatches(lengths: readonly number[], mostSentences?: number): number[][] {
    return planBatches(lengths, TOKEN_BUDGET, mostSentences);
  }

  /** @throws {ModelFormatError} when onnxruntime cannot run the export on these tokens */
  async run(sentences: readonly Int32Array[]): Promise<Float32Array> {
    if (sentences.length === 0) return new Float32Array(0);
    const width = Math.max(...sentences.map((ids) => ids.length));
    const outputs = await this.#runSession(sentences, width);
    const rows = this.#withoutPadding(floats(outputs[this.#output!]!), sentences, width);
    for (const tensor of Object.values(outputs)) tensor.dispose();
    return rows;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  #requireInputs(): void {
    const stranger = this.#session.inputNames.find((name) => !Object.hasOwn(INPUTS, name));
    if (stranger === undefined) return;
    const { folder, file } = this.#origin;
    throw new ModelFormatError(
      `${file} in ${folder} asks for the input ${stranger}; an encoder's has ${Object.keys(INPUTS).join(', ')}. ` +
        'Use a model whose export is that of its encoder alone.',
      { folder, file },
    );
  }

  #withoutRows(outputs: Record<string, Tensor>): ModelFormatError {
    const { folder, file } = this.#origin;
    const shapes = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
    return new ModelFormatError(
      `${file} in ${folder} gives no row for each token: for two tokens it gives ${shapes.join(', ')}. ` +
        'Use an export of the encoder without pooling.',
      { folder, file },
    );
  }

  async #runSession(sentences: readonly Int32Array[], width: number): Promise<Record<string, Tensor>> {
    const feeds: Record<string, Tensor> = {};
    for (const name of this.#session.inputNames) {
      const { padding, value } = INPUTS[name]!;
      const values = new BigInt64Array(sentences.length * width).fill(BigInt(padding(this.#padId)));
      sentences.forEach((ids, i) => {
        for (let place = 0; place < ids.length; place++) {
          values[i * width + place] = BigInt(value(ids[place]!, place));
        }
      });
      feeds[name] = new this.#Tensor('int64', values, [sentences.length, width]);
    }
    try {
      return await this.#session.run(feeds);
    } catch (cause) {
      throw damaged(this.#origin.folder, this.#origin.file, 'cannot be run', cause);
    }
  }

  #withoutPadding(hidden: Float32Array, sentences: readonly Int32Array[], width: number): Float32Array {
    const tokens = sentences.reduce((sum, ids) => sum + ids.length, 0);
    const rows = new Float32Array(tokens * this.hiddenSize);
    let target = 0;
    sentences.forEach((ids, i) => {
      const start = i * width * this.hiddenSize;
      rows.set(hidden.subarray(start, start + ids.length * this.hiddenSize), target);
      target += ids.length * this.hiddenSize;
    });
    return rows;
  }
}

/** Exports in half precision may give half precision. */
function floats(tensor: Tensor): Float32Array {
  const data = tensor.data as Float32Array | Uint16Array;
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return halfToFloat(data);
  return Float32Array.from(data as ArrayLike<number>);
}
