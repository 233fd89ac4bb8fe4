/** What every module after the pooling offers: sentence embeddings in, sentence embeddings out. */

/** A step of a model that works on whole sentence embeddings. */
export interface EmbeddingModule {
  /** Columns it returns. */
  readonly dimension: number;
  /**
   * @param embeddings [count, columns of the module before], row-major; may be overwritten
   * @returns [count, dimension]
   */
  apply(embeddings: Float32Array, count: number): Float32Array;
  /** As sentence-transformers 3.1 prints it. */
  toString(): string;
}

/** A Python dict as Python prints it, for the module tree. */
export function formatPythonDict(entries: Readonly<Record<string, PythonValue>>): string {
  const parts = Object.entries(entries).map(([key, value]) => `'${key}': ${formatPythonValue(value)}`);
  return `{${parts.join(', ')}}`;
}

type PythonValue = string | number | boolean | null;

function formatPythonValue(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? `'${value}'` : `${value}`;
}
