/** Makes a notebook of a source file: markdown with TypeScript cells, and blanks that are filled in or left open. */
import type { Cell, Notebook } from '../../src/jupyter/notebook/nbformat.ts';

/** The learner's notebook has blanks to fill in, the solution has them filled in. */
export type Edition = 'learner' | 'solution';

/**
 * Reads a source: text is markdown, a ```ts block is a cell of code, and `⟦a → b⟧` in it is `a` for the learner and
 * `b` in the solution. A heading of level 1 or 2 begins a new markdown cell.
 * @param name the notebook's name, for the ids of its cells
 */
export function buildNotebook(source: string, name: string, edition: Edition): Notebook {
  const parts = source.replaceAll('\r\n', '\n').split(/^```ts\n([\s\S]*?)\n```$/m);
  const cells = parts.flatMap((part, i) => (i % 2 === 1 ? [{ code: fill(part, edition) }] : splitText(part)));
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'tsbert', display_name: 'TypeScript (tsbert)', language: 'typescript' },
      tsbert: { lesson: name },
      language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
    },
    cells: cells.map((cell, i) => toCell(cell, `${name}-${String(i + 1).padStart(2, '0')}`)),
  };
}

type SourceCell = { code: string } | { text: string };

function toCell(cell: SourceCell, id: string): Cell {
  if ('text' in cell) return { id, cell_type: 'markdown', metadata: {}, source: cell.text };
  return { id, cell_type: 'code', metadata: {}, source: cell.code, execution_count: null, outputs: [] };
}

function splitText(text: string): SourceCell[] {
  const sections = text.split(/^(?=##? )/m).map((section) => section.trim());
  return sections.filter((section) => section !== '').map((section) => ({ text: section }));
}

function fill(code: string, edition: Edition): string {
  return code.replace(/⟦(.*?) → (.*?)⟧/g, edition === 'learner' ? '$1' : '$2');
}
