/**
 * Which sentences numbers were made of: embeddings remember theirs, similarities those of both sides, so that a chart
 * can label itself and refuse sentences that do not fit. Held weakly: the memory goes with the numbers.
 */

/** What is remembered of a matrix. */
export interface RememberedSentences {
  /** The sentences of the rows. */
  rows: readonly string[];
  /** The sentences of the columns; absent for embeddings, whose columns are dimensions. */
  columns?: readonly string[];
  /** The model whose embeddings, or the cosines of whose embeddings, these are as it gives them; else absent. */
  model?: string | undefined;
  /** Execution counts of the notebook's cells that made it, in their order; empty elsewhere. */
  cells: readonly number[];
}

/** Longer lists are not kept alive for the sake of labels: no chart shows so many. */
const MOST_SENTENCES = 10_000;

const memory = new WeakMap<object, RememberedSentences>();

/**
 * Remembers that embeddings were made of sentences.
 *
 * @param model its name, where the embeddings are just what it makes of the sentences, at any length
 */
export function rememberSentences<T extends object>(
  embeddings: T,
  sentences: readonly string[],
  model?: string,
): T {
  if (sentences.length <= MOST_SENTENCES) {
    memory.set(embeddings, { rows: [...sentences], model, cells: withThisCell([]) });
  }
  return embeddings;
}

/** Remembers that embeddings were made from others, row by row. */
export function rememberRows<T extends object>(embeddings: T, from: object): T {
  const known = memory.get(from);
  if (known !== undefined) memory.set(embeddings, { rows: known.rows, cells: withThisCell(known.cells) });
  return embeddings;
}

/** Remembers that embeddings are a part of others: their rows from `start` to `end`. */
export function rememberPart<T extends object>(embeddings: T, from: object, start: number, end?: number): T {
  const known = memory.get(from);
  if (known !== undefined) {
    const { rows, model, cells } = known;
    memory.set(embeddings, { rows: rows.slice(start, end), model, cells: withThisCell(cells) });
  }
  return embeddings;
}

/** Remembers of similarities what is known of the embeddings on both sides. */
export function rememberComparison<T extends object>(
  similarities: T,
  { a, b, areCosines }: { a: unknown; b: unknown; areCosines: boolean },
): T {
  const rows = rememberedSentences(a);
  const columns = rememberedSentences(b);
  if (rows !== undefined && columns !== undefined) {
    const cells = withThisCell([...rows.cells, ...columns.cells]);
    const model = areCosines && rows.model === columns.model ? rows.model : undefined;
    memory.set(similarities, { rows: rows.rows, columns: columns.rows, model, cells });
  }
  return similarities;
}

/**
 * Remembers of a square matrix that similarities of one sentence with itself and those after it became a column, from
 * the diagonal down. Columns that do not agree leave nothing to remember.
 */
export function rememberColumn(matrix: object, column: number, scores: unknown): void {
  const made = rememberedSentences(scores);
  const known = memory.get(matrix);
  if (column === 0 && made?.columns !== undefined && made.columns[0] === made.rows[0]) {
    memory.set(matrix, { ...made, rows: made.columns });
  } else if (known !== undefined) {
    const rest = known.rows.slice(column);
    const fits = made?.columns?.length === rest.length && made.columns.every((one, i) => one === rest[i]);
    if (!fits || made.rows[0] !== rest[0]) memory.delete(matrix);
    else if (made.model !== known.model) memory.set(matrix, { ...known, model: undefined });
  }
}

/** What a matrix was made of; undefined where nothing is known. */
export function rememberedSentences(matrix: unknown): RememberedSentences | undefined {
  return typeof matrix === 'object' && matrix !== null ? memory.get(matrix) : undefined;
}

/** A notebook's kernel tells which of its cells runs. */
function withThisCell(cells: readonly number[]): number[] {
  const hosts = globalThis as unknown as Record<symbol, (() => number) | undefined>;
  const cell = hosts[Symbol.for('Jupyter.executionCount')]?.();
  const all = new Set(cell ? [...cells, cell] : cells);
  return [...all].sort((one, other) => one - other);
}
