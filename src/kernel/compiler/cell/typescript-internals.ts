/**
 * The few parts of TypeScript 6.0 that its typings leave out and this compiler needs. They are gathered here, so that
 * an upgrade of the pinned version has one file to check.
 */
import { ts } from '../typescript/typescript.ts';

/** What the binder and the program keep on a source file. */
export interface BoundSourceFile extends ts.SourceFile {
  path: ts.Path;
  resolvedPath: ts.Path;
  originalFileName: string;
  version: string;
  imports: readonly ts.StringLiteralLike[];
  moduleAugmentations: readonly ts.Node[];
  ambientModuleNames: readonly string[];
  /** Every identifier text of the file. */
  identifiers: ReadonlyMap<string, string>;
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  checkJsDirective?: { enabled: boolean };
  externalModuleIndicator?: ts.Node | true;
}

interface ResolutionsOfFile {
  get(name: string, mode: ts.ResolutionMode): ts.ResolvedModuleWithFailedLookupLocations | undefined;
  set(name: string, mode: ts.ResolutionMode, value: ts.ResolvedModuleWithFailedLookupLocations): void;
}

/** A program's own tables, which it hands out live. */
export interface OpenProgram extends ts.Program {
  getFilesByNameMap(): Map<ts.Path, ts.SourceFile | false | undefined>;
  resolvedModules: Map<ts.Path, ResolutionsOfFile>;
}

interface Internals {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  createModeAwareCache(): ResolutionsOfFile;
  isGeneratedIdentifier(node: ts.Node): boolean;
  toPath(fileName: string, basePath: string, getCanonicalFileName: (name: string) => string): ts.Path;
}

export const internals = ts as unknown as typeof ts & Internals;

/** Parses a file as the program would: a module in today's TypeScript. */
export function parseFile(fileName: string, text: string): BoundSourceFile {
  return ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext) as BoundSourceFile;
}

/** Parses the text of a cell on its own, without what other cells give to it. */
export function parseCell(text: string): BoundSourceFile {
  return parseFile('cell.ts', text);
}
