/** Turns emitted code into a function, and remembers its source map for tracebacks. */
import vm from 'node:vm';
import type { SourceMapPayload } from '../../compiler/cell/types.ts';
import { sourceMaps } from '../link/source-maps.ts';

/** The function around every cell and module: see `wrap.ts` of the compiler. */
export type EvaluatedFunction = (
  cell: object | undefined,
  host: object,
  require: NodeJS.Require,
  filename: string,
  dirname: string,
) => Promise<{ value: unknown } | undefined>;

/** @param filename what V8 shows in stacks */
export function evaluateFunction(
  filename: string,
  js: string,
  sourceMap: SourceMapPayload | undefined,
): EvaluatedFunction {
  if (sourceMap !== undefined) sourceMaps.set(filename, sourceMap);
  return new vm.Script(js, { filename }).runInThisContext() as EvaluatedFunction;
}
