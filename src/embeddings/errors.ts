/** The errors a caller of the library may want to catch; wrong arguments are TypeError and RangeError. */

/** A model's folder lacks something, or holds something that cannot be read. */
export class ModelFormatError extends Error {
  override readonly name = 'ModelFormatError';
  /** The folder of the model. */
  readonly folder: string;
  /** The file at fault, relative to the folder. */
  readonly file: string;

  constructor(message: string, data: { folder: string; file: string; cause?: unknown }) {
    super(message, data.cause === undefined ? undefined : { cause: data.cause });
    this.folder = data.folder;
    this.file = data.file;
  }
}

/** A model needs a module, a mode or an activation that this library does not have. */
export class UnsupportedModuleError extends Error {
  override readonly name = 'UnsupportedModuleError';
  /** What is not supported, as the model's configuration names it. */
  readonly module: string;
  /** The folder of the model. */
  readonly folder: string;

  constructor(message: string, data: { module: string; folder: string }) {
    super(message);
    this.module = data.module;
    this.folder = data.folder;
  }
}

/** A model's numbers are not numbers: its weights are damaged. */
export class NaNEmbeddingError extends Error {
  override readonly name = 'NaNEmbeddingError';
  /** The sentence whose embedding holds NaN, counted from 0. */
  readonly index: number;

  constructor(index: number) {
    super(
      `The embedding of sentence ${index} holds NaN: the model’s weights are damaged. ` +
        'Download the model again.',
    );
    this.index = index;
  }
}
