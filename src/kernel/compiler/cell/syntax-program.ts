/** A program of one cell alone: enough to see whether it parses and to translate it, and made in milliseconds. */
import { ts } from '../typescript/typescript.ts';
import { type BoundSourceFile, parseFile } from './typescript-internals.ts';

/** A program that resolves nothing, and its only file. */
export interface SyntaxProgram {
  program: ts.Program;
  file: BoundSourceFile;
}

/** Makes the program of a cell's virtual file. @param options as for checked cells */
export function createSyntaxProgram(text: string, options: ts.CompilerOptions): SyntaxProgram {
  const fileName = '/cell.ts';
  const file = parseFile(fileName, text);
  const { lib: _lib, types: _types, paths: _paths, ...rest } = options;
  const alone = { ...rest, isolatedModules: true, noResolve: true, noLib: true, types: [] };
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === fileName ? file : undefined),
    getDefaultLibFileName: () => '/lib.d.ts',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => name === fileName,
    readFile: () => undefined,
    directoryExists: () => false,
    getDirectories: () => [],
    writeFile: () => {},
  };
  return { program: ts.createProgram({ rootNames: [fileName], options: alone, host }), file };
}
