/** Translates a parsed cell to the function that the runner evaluates, with a map to the text that the user wrote. */
import type { ts } from '../typescript/typescript.ts';
import type { CellSource } from './cell-source.ts';
import { resultStatement } from './declarations.ts';
import { cellTransformer } from './emit-cell.ts';
import type { MagicSource } from './magics.ts';
import { shiftSourceMap } from './source-map.ts';
import type { CompiledCell } from './types.ts';
import { wrapFunction } from './wrap.ts';

/** A cell before it becomes a file of a program. */
export interface CellText {
  /** The name shown in tracebacks: `In[7]`. */
  name: string;
  /** What the user wrote. */
  code: string;
  magic: MagicSource;
  source: CellSource;
}

/** @param specifier the name by which the runner finds an imported module */
export function translateCell(
  { name, code, magic, source }: CellText,
  program: ts.Program,
  file: ts.SourceFile,
  specifier: (text: string) => string,
): Required<Pick<CompiledCell, 'js' | 'sourceMap'>> {
  const wrap = wrapFunction(source.identifiers);
  const transformer = cellTransformer({
    shared: source.shared,
    result: resultStatement(file),
    codeStart: source.prefixLength,
    cell: wrap.cell,
    host: wrap.host,
    specifier,
    hoistImports: !magic.hasMagics,
  });
  const output = new Map<string, string>();
  const write = (path: string, text: string) => output.set(path.endsWith('.map') ? 'map' : 'js', text);
  program.emit(file, write, undefined, false, { after: [transformer] });
  return {
    js: wrap.around(output.get('js')!),
    sourceMap: shiftSourceMap(
      output.get('map')!,
      { name, text: code },
      { generatedLines: 1, sourceLines: 1 },
    ),
  };
}
