/** Builds small notebooks for tests. */
import type { Cell, MimeBundle, Notebook, Output } from '../../src/jupyter/notebook/nbformat.ts';

type Metadata = Record<string, unknown>;

/** A markdown cell. */
export function markdown(source: string, metadata: Metadata = {}): Cell {
  return { cell_type: 'markdown', id: 'm', source, metadata };
}

/** A code cell with outputs. */
export function code(source: string, outputs: Output[] = [], metadata: Metadata = {}): Cell {
  return { cell_type: 'code', id: 'c', source, outputs, metadata, execution_count: 1 };
}

/** A raw cell. */
export function raw(source: string, mimetype?: string): Cell {
  return { cell_type: 'raw', id: 'r', source, metadata: mimetype ? { raw_mimetype: mimetype } : {} };
}

/** What a cell displayed. */
export function display(data: MimeBundle, metadata: Metadata = {}): Output {
  return { output_type: 'display_data', data, metadata };
}

/** What a cell printed. */
export function stream(text: string, name: 'stdout' | 'stderr' = 'stdout'): Output {
  return { output_type: 'stream', name, text };
}

/** A notebook in TypeScript of these cells. */
export function notebook(cells: Cell[], metadata: Metadata = {}): Notebook {
  const named = cells.map((cell, index) => ({ ...cell, id: `cell-${index}` }));
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'tsbert', display_name: 'TypeScript (tsbert)', language: 'typescript' },
      language_info: { name: 'typescript' },
      ...metadata,
    },
    cells: named,
  };
}

/** A red dot, 1 × 1. */
export const dot =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
