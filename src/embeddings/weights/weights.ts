/** Finds a model's tensors whatever prefix and whichever of the old names its file uses. */
import { SafetensorsError, TensorMismatchError } from './errors.ts';
import { FLOAT_TYPES, type Safetensors, type TensorEntry } from './safetensors.ts';

/** The tensors of one encoder under the names that its plain model class gives them. */
export class Weights {
  readonly #safetensors: Safetensors;
  readonly #prefix: string;
  readonly #used = new Map<string, TensorEntry>();

  /** @param words the name of the word embeddings: by it the file's own prefix, such as `bert.`, is found */
  constructor(safetensors: Safetensors, words: string) {
    this.#safetensors = safetensors;
    const anchors = [...safetensors.tensors.keys()].filter(
      (name) => name === words || name.endsWith(`.${words}`),
    );
    anchors.sort((a, b) => a.length - b.length);
    this.#prefix = anchors[0]?.slice(0, -words.length) ?? '';
  }

  /** The real paths of the files. */
  get files(): readonly string[] {
    return this.#safetensors.files;
  }

  /** The tensors that were found so far, by the names that the file gives them. */
  get used(): ReadonlyMap<string, TensorEntry> {
    return this.#used;
  }

  /**
   * Finds a tensor by its name without prefix.
   * @throws {TensorMismatchError} when it is missing or has another shape
   * @throws {TypeError} when its elements are not floating point
   */
  find(name: string, shape: readonly number[]): TensorEntry {
    const own = [name, oldName(name)].map((one) => this.#prefix + one);
    const found = own.find((one) => this.#safetensors.tensors.has(one));
    const entry = found === undefined ? undefined : this.#safetensors.tensors.get(found);
    if (entry === undefined || !sameShape(entry.shape, shape)) {
      throw new TensorMismatchError(name, shape, entry?.shape, entry?.file ?? this.files.join(', '));
    }
    if (!FLOAT_TYPES.includes(entry.dtype)) {
      throw new TypeError(
        `The tensor ${name} in ${entry.file} has ${entry.dtype} elements; weights must be ` +
          `${FLOAT_TYPES.join(', ')}. Use the model in one of these precisions.`,
      );
    }
    this.#used.set(found!, entry);
    return entry;
  }

  /**
   * Checks that the file has no more layers than are asked for: those beyond would be left out in silence.
   *
   * @param layers what stands before their numbers, how many config.json asks for, and the key that says it
   * @throws {SafetensorsError} when there are more
   */
  requireAllLayers({ prefix, count, key }: { prefix: string; count: number; key: string }): void {
    const start = this.#prefix + prefix;
    for (const [name, { file }] of this.#safetensors.tensors) {
      if (!name.startsWith(start)) continue;
      const layer = Number.parseInt(name.slice(start.length), 10);
      if (!(layer >= count)) continue;
      const problem = `it holds ${start}${layer}, and config.json asks for ${count} layers (${key})`;
      throw new SafetensorsError(
        file,
        problem,
        'Check that config.json and the weights belong to one model.',
      );
    }
  }
}

/** TensorFlow's names of LayerNorm's tensors, which files converted before 2019 kept. */
function oldName(name: string): string {
  return name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
