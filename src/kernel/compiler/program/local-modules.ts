/** The local files that a cell reaches through its imports, translated once for each state of their text. */
import { createHash } from 'node:crypto';
import { shiftSourceMap } from '../cell/source-map.ts';
import type { CompiledModule } from '../cell/types.ts';
import type { BoundSourceFile, OpenProgram } from '../cell/typescript-internals.ts';
import { wrapFunction } from '../cell/wrap.ts';
import { ts } from '../typescript/typescript.ts';
import { moduleTransformer } from './emit-module.ts';
import { isCell, isInPackage } from './resolution.ts';

/** Whether the runner evaluates a file from our translation instead of letting Node.js load it. */
export function isLocalModule(file: ts.SourceFile): boolean {
  if (file.isDeclarationFile || isInPackage(file.fileName) || isCell(file.fileName)) return false;
  const isTypeScript = /\.[cm]?tsx?$/.test(file.fileName);
  const isModule = (file as BoundSourceFile).externalModuleIndicator instanceof Object;
  return isTypeScript || (/\.m?jsx?$/.test(file.fileName) && isModule);
}

/** The name by which the runner finds what `text` means in a file: the path of a local file, else the name itself. */
export function runtimeSpecifier(program: OpenProgram, from: BoundSourceFile, text: string): string {
  const literal = from.imports.find((it) => it.text === text);
  return (literal && localTarget(program, from, literal)?.fileName) ?? text;
}

function localTarget(
  program: OpenProgram,
  from: BoundSourceFile,
  literal: ts.StringLiteralLike,
): BoundSourceFile | undefined {
  const mode = program.getModeForUsageLocation(from, literal);
  const resolved = program.resolvedModules.get(from.path)?.get(literal.text, mode)?.resolvedModule;
  if (resolved === undefined || resolved.isExternalLibraryImport) return undefined;
  const file = program.getSourceFile(resolved.resolvedFileName) as BoundSourceFile | undefined;
  return file !== undefined && isLocalModule(file) ? file : undefined;
}

/** Local files directly imported by a file. */
function localImports(program: OpenProgram, file: BoundSourceFile): BoundSourceFile[] {
  return file.imports.map((literal) => localTarget(program, file, literal)).filter((it) => it !== undefined);
}

/** Every local file that the given one reaches, itself left out unless it is in a circle. */
export function reachableModules(program: OpenProgram, root: BoundSourceFile): BoundSourceFile[] {
  const reached = new Set<BoundSourceFile>();
  const visit = (file: BoundSourceFile): void => {
    for (const target of localImports(program, file)) {
      if (reached.has(target)) continue;
      reached.add(target);
      visit(target);
    }
  };
  visit(root);
  return [...reached];
}

/** Translates local files; keeps the result as long as the program keeps the parsed file. */
export class ModuleTranslator {
  readonly #translated = new WeakMap<ts.SourceFile, Pick<CompiledModule, 'js' | 'sourceMap'>>();

  translate(program: OpenProgram, file: BoundSourceFile): CompiledModule {
    const known = this.#translated.get(file) ?? translateModule(program, file);
    this.#translated.set(file, known);
    const reached = new Set([file, ...reachableModules(program, file)]);
    const texts = [...reached].map((it) => `${it.fileName}\n${it.text}`).sort();
    const version = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
    return { path: file.fileName, version, ...known };
  }
}

function translateModule(
  program: OpenProgram,
  file: BoundSourceFile,
): Pick<CompiledModule, 'js' | 'sourceMap'> {
  const wrap = wrapFunction(new Set(file.identifiers.keys()));
  const { outputText, sourceMapText } = ts.transpileModule(file.text, {
    fileName: file.fileName,
    compilerOptions: { ...program.getCompilerOptions(), isolatedModules: true },
    transformers: {
      after: [moduleTransformer(wrap.host, (text) => runtimeSpecifier(program, file, text))],
    },
  });
  const target = { name: file.fileName, text: file.text };
  return {
    js: wrap.around(outputText),
    sourceMap: shiftSourceMap(sourceMapText!, target, { generatedLines: 1, sourceLines: 0 }),
  };
}
