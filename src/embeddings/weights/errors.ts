/** What can be wrong with a model's files; every message names the file and the remedy. */

/** A safetensors file (or its index) that is cut, damaged or not what its header says. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  constructor(
    /** The file. */
    readonly path: string,
    problem: string,
    remedy = 'Delete the file and download it again.',
  ) {
    super(`Cannot read the weights in ${path}: ${problem}. ${remedy}`);
  }
}

/** A folder that holds no safetensors file. */
export class MissingWeightsError extends Error {
  override readonly name = 'MissingWeightsError';
  constructor(
    /** The model's folder. */
    readonly folder: string,
    /** The weights found instead, such as pytorch_model.bin. */
    readonly found: string | undefined,
  ) {
    super(
      found === undefined
        ? `No weights in ${folder}: neither model.safetensors nor model.safetensors.index.json is there. ` +
            'Give the folder of a model, or download the model again.'
        : `Cannot load ${found} in ${folder}: that format runs code when it is opened, and only safetensors ` +
            'weights are read. Convert it once in Python: SentenceTransformer(folder).save(newFolder) writes ' +
            'model.safetensors; or choose a revision of the model that has it.',
    );
  }
}

/** A tensor which the architecture needs and the weights lack, or which has another shape. */
export class TensorMismatchError extends Error {
  override readonly name = 'TensorMismatchError';
  constructor(
    /** The tensor's name without the model's prefix. */
    readonly tensor: string,
    /** The shape that config.json asks for. */
    readonly expected: readonly number[],
    /** The shape in the weights; undefined where the tensor is missing. */
    readonly actual: readonly number[] | undefined,
    /** The file that was searched. */
    readonly path: string,
  ) {
    const found = actual === undefined ? 'is missing' : `has the shape [${actual.join(', ')}]`;
    super(
      `The tensor ${tensor} ${found} in ${path}; config.json asks for [${expected.join(', ')}]. ` +
        'Check that config.json and the weights belong to one model.',
    );
  }
}

/** An encoder this library has no graph for. */
export class UnsupportedModelError extends Error {
  override readonly name = 'UnsupportedModelError';
  constructor(
    /** The setting in config.json that cannot be met, such as model_type. */
    readonly setting: string,
    /** Its value. */
    readonly value: unknown,
    /** The values that can be met. */
    readonly supported: readonly string[],
  ) {
    super(
      `No graph can be written for ${setting} ${JSON.stringify(value)} in config.json; supported: ` +
        `${supported.join(', ')}. Use a model of one of these kinds, or one that brings onnx/model.onnx.`,
    );
  }
}

/** A tensor that holds NaN or infinity. */
export class NonFiniteWeightsError extends Error {
  override readonly name = 'NonFiniteWeightsError';
  /** The tensor's name, as its file has it. */
  readonly tensor: string;
  /** The number of the first element that is not finite, row by row, counted from 0. */
  readonly element: number;
  /** The file. */
  readonly path: string;

  constructor(
    tensor: string,
    element: number,
    { file, shape }: { readonly file: string; readonly shape: readonly number[] },
    remedy = 'the weights are damaged: download the model again',
  ) {
    super(
      `The tensor ${tensor} [${shape.join(', ')}] in ${file} holds NaN or infinity (element ${element}); ${remedy}.`,
    );
    this.tensor = tensor;
    this.element = element;
    this.path = file;
  }
}
