/** Evaluates compiled cells: their variables live on one object, and stay when a cell fails or is interrupted. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CompiledCell } from '../compiler/cell/types.ts';
import { bindLive, createScope, type Scope } from './link/scope.ts';
import { evaluateFunction } from './modules/evaluate-function.ts';
import { ModuleLoader } from './modules/modules.ts';
import type { Namespace } from './modules/native-import.ts';

export interface Evaluator {
  /** The notebook's variables. */
  scope: Scope;
  /** Runs a cell. @returns its value in an object, so that a promise stays one; undefined when it has none */
  evaluate(cell: CompiledCell): Promise<{ value: unknown } | undefined>;
}

/**
 * Makes an evaluator for the notebooks of a folder.
 *
 * @param fallbackFrom a folder whose packages cells find too
 */
export function createEvaluator(folder: string, fallbackFrom?: string): Evaluator {
  const scope = createScope();
  const loader = new ModuleLoader(folder, fallbackFrom);
  const host = {
    import: (specifier: unknown) => loader.import(String(specifier)),
    link: async (specifier: string, names: Record<string, string>) => {
      const namespace = await loader.import(specifier);
      for (const [local, imported] of Object.entries(names)) {
        bindLive(scope, local, reader(namespace, imported, specifier));
      }
    },
    meta: loader.metaOf(join(folder, 'notebook.ts')),
  };
  const require = createRequire(join(folder, 'notebook.ts'));
  return {
    scope,
    evaluate: async ({ name, js, sourceMap, modules }) => {
      if (js === undefined) return undefined;
      loader.register(modules);
      const run = evaluateFunction(name, js, sourceMap);
      return await run(scope, host, require, join(folder, `${name}.ts`), folder);
    },
  };
}

/**
 * How to read an imported name. CommonJS is met half way: names that Node.js could not tell from its source are read
 * from `module.exports`, and a default export made by a transpiler (`__esModule`) is the default, as its types say.
 *
 * @throws SyntaxError when the module has no such export, as in any ES module
 */
function reader(namespace: Namespace, imported: string, specifier: string): () => unknown {
  const exports = namespace.default as Namespace | undefined;
  const hasMembers = (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  if (imported === '*') {
    const isOpaque = hasMembers && Object.keys(namespace).every((key) => OPAQUE_KEYS.has(key));
    return () => (isOpaque ? exports : namespace);
  }
  if (imported === 'default' && hasMembers && exports.__esModule === true && 'default' in exports) {
    return () => exports.default;
  }
  if (imported in namespace) return () => namespace[imported];
  if (hasMembers && imported in exports) return () => exports[imported];
  throw new SyntaxError(`The module '${specifier}' does not provide an export named '${imported}'.`);
}

/** Exports that Node.js gives to any CommonJS module. */
const OPAQUE_KEYS = new Set(['default', 'module.exports', '__esModule']);
