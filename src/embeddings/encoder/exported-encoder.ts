/** Runs a repository's own ONNX export through transformers.js: padded batches inside, rows of tokens out. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { PreTrainedModel, Tensor } from '@huggingface/transformers';
import { ModelFormatError } from '../errors.ts';
import type { WeightsDtype } from '../weights/dtype.ts';
import {
  type Agreement,
  type MakeTrial,
  measureAgreement,
  requireAgreement,
  type Trial,
} from './agreement.ts';
import type { Encoder } from './encoder.ts';
import { planBatches } from './plan-batches.ts';

/** Where the exports lie in a model's folder. */
const ONNX_FOLDER = 'onnx';

/** Tokens of a batch: enough to keep the processor busy, little enough to let progress and interrupts through. */
const TOKEN_BUDGET = 1024;

/** The file of each precision, by the names that transformers.js gives them. */
const FILES: Readonly<Record<WeightsDtype, string>> = {
  fp32: 'model.onnx',
  fp16: 'model_fp16.onnx',
  q8: 'model_quantized.onnx',
};

/**
 * Loads `onnx/model.onnx` of a model, or its variant of another precision.
 *
 * @param folder absolute path of the folder with config.json
 * @param options dtype: precision of the weights; trial: what 8 bits are compared with float32 by, where that stands
 *   beside them
 * @throws {ModelFormatError} when there is no such file, or it cannot be loaded
 * @throws {InexactWeightsError} when 8 bits lose too much of this model
 */
export async function loadExportedEncoder(
  folder: string,
  { dtype, trial }: { dtype: WeightsDtype; trial?: MakeTrial | undefined },
): Promise<Encoder> {
  await requireExport(folder, dtype);
  const encoder = await startExport(folder, dtype);
  if (dtype !== 'q8' || trial === undefined || !(await listExports(folder)).includes(FILES.fp32))
    return encoder;
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

async function startExport(folder: string, dtype: WeightsDtype): Promise<ExportedEncoder> {
  const { AutoModel, Tensor } = await import('@huggingface/transformers');
  let model: PreTrainedModel;
  try {
    model = await AutoModel.from_pretrained(path.resolve(folder), {
      local_files_only: true,
      device: 'cpu',
      dtype,
      // onnxruntime finds weights beside the graph by itself; told of missing ones, transformers.js waits for ever.
      use_external_data_format: false,
    });
  } catch (cause) {
    const file = `${ONNX_FOLDER}/${FILES[dtype]}`;
    const problem = `${file} in ${folder} cannot be loaded (${(cause as Error).message})`;
    throw new ModelFormatError(`${problem}. Download the model again.`, { folder, file, cause });
  }
  return new ExportedEncoder(model, Tensor, dtype);
}

function listExports(folder: string): Promise<string[]> {
  return readdir(path.join(folder, ONNX_FOLDER)).catch(() => []);
}

async function requireExport(folder: string, dtype: WeightsDtype): Promise<void> {
  const names = await listExports(folder);
  if (names.includes(FILES[dtype])) return;
  const file = `${ONNX_FOLDER}/${FILES[dtype]}`;
  const exports = names.filter((name) => name.endsWith('.onnx'));
  const remedy = exports.length
    ? `There are ${exports.join(', ')}: choose another dtype`
    : 'Load it from its model.safetensors';
  throw new ModelFormatError(`${folder} has no ${file}. ${remedy}.`, { folder, file });
}

class ExportedEncoder implements Encoder {
  readonly hiddenSize: number;
  readonly maxTokens = Number.POSITIVE_INFINITY;
  readonly dtype: WeightsDtype;
  readonly #model: PreTrainedModel;
  readonly #Tensor: typeof Tensor;
  readonly #padId: number;
  readonly #inputNames: readonly string[];

  constructor(model: PreTrainedModel, TensorClass: typeof Tensor, dtype: WeightsDtype) {
    const config = model.config as unknown as Readonly<Record<string, number | undefined>>;
    this.hiddenSize = config.hidden_size ?? config.dim ?? 0;
    this.dtype = dtype;
    this.#model = model;
    this.#Tensor = TensorClass;
    this.#padId = config.pad_token_id ?? 0;
    this.#inputNames = (model.sessions as { model: { inputNames: readonly string[] } }).model.inputNames;
  }

  planBatches(lengths: readonly number[], mostSentences?: number): number[][] {
    return planBatches(lengths, TOKEN_BUDGET, mostSentences);
  }

  async run(sentences: readonly Int32Array[]): Promise<Float32Array> {
    const width = Math.max(...sentences.map((ids) => ids.length));
    const shape = [sentences.length, width];
    const inputs: Record<string, Tensor> = {};
    const feeds = { input_ids: this.#padId, attention_mask: 0, token_type_ids: 0 };
    for (const [name, padding] of Object.entries(feeds)) {
      if (!this.#inputNames.includes(name)) continue;
      const values = new BigInt64Array(sentences.length * width).fill(BigInt(padding));
      if (name !== 'token_type_ids') {
        fill(values, sentences, width, name === 'input_ids' ? (id) => BigInt(id) : () => 1n);
      }
      inputs[name] = new this.#Tensor('int64', values, shape);
    }
    const { last_hidden_state: output } = (await this.#model(inputs)) as { last_hidden_state: Tensor };
    const rows = this.#withoutPadding(output.data as Float32Array, sentences, width);
    output.dispose();
    return rows;
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

  async dispose(): Promise<void> {
    await this.#model.dispose();
  }
}

/** Writes a value for every real token into the padded rows. */
function fill(
  values: BigInt64Array,
  sentences: readonly Int32Array[],
  width: number,
  toValue: (id: number) => bigint,
): void {
  sentences.forEach((ids, i) => {
    for (let j = 0; j < ids.length; j++) values[i * width + j] = toValue(ids[j]!);
  });
}
