/** A notebook as one TypeScript file: its code as it stands, its texts as comments. */
import type { Notebook } from '../jupyter/notebook/nbformat.ts';

/**
 * Writes the cells one below the other, each under a line `// %%` that editors take for the start of a cell. Magics
 * and shell lines become comments. Names that are declared in several cells have to be renamed by hand.
 *
 * @example exportScript(notebook) // '// %%\nconst a = 1;\n'
 */
export function exportScript({ cells }: Notebook): string {
  const parts = cells.map(({ cell_type: type, source }) =>
    type === 'code' ? `// %%\n${commentMagics(source)}` : `// %% [${type}]\n${comment(source)}`,
  );
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function commentMagics(source: string): string {
  return source.replace(/^[ \t]*[!%].*$/gm, (line) => `// ${line}`);
}

function comment(source: string): string {
  return source
    .split('\n')
    .map((line) => `// ${line}`.trimEnd())
    .join('\n');
}
