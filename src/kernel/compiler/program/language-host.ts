/** Gives TypeScript its files: cells from memory, everything else from disk, read again only when a local file changed. */
import { ts } from '../typescript/typescript.ts';
import type { LiveHost } from './live-program.ts';
import { isInPackage, type ModuleResolver } from './resolution.ts';

export interface NotebookHostSettings {
  folder: string;
  options: ts.CompilerOptions;
  resolver: ModuleResolver;
  /** The files in memory that are loaded even if no other imports them. */
  roots(): string[];
}

export class NotebookHost implements LiveHost {
  readonly #folder: string;
  readonly #options: ts.CompilerOptions;
  readonly #resolver: ModuleResolver;
  readonly #roots: () => string[];
  /** Cells, ambient declarations, and a list of packages to warm. */
  readonly memory = new Map<string, string>();
  /** Stamp of each local file at the time the program read it. */
  readonly #stamps = new Map<string, string>();
  #version = 1;
  #packageGeneration = 1;

  constructor({ folder, options, resolver, roots }: NotebookHostSettings) {
    this.#folder = folder;
    this.#options = options;
    this.#resolver = resolver;
    this.#roots = roots;
  }

  invalidate(): void {
    this.#version++;
  }

  /** Installed packages may have changed: look everything up and read everything again. */
  invalidatePackages(): void {
    this.#resolver.clear();
    this.#packageGeneration++;
    this.invalidate();
  }

  /** Whether a local file on disk is another than the one the program knows. */
  hasChangedFiles(): boolean {
    return [...this.#stamps].some(([fileName, stamp]) => stampOf(fileName) !== stamp);
  }

  getProjectVersion = () => String(this.#version);
  getCompilationSettings = () => this.#options;
  getCurrentDirectory = () => this.#folder;
  getScriptFileNames = () => this.#roots();
  getDefaultLibFileName = (options: ts.CompilerOptions) => ts.getDefaultLibFilePath(options);
  useCaseSensitiveFileNames = () => ts.sys.useCaseSensitiveFileNames;
  readFile = ts.sys.readFile;
  readDirectory = ts.sys.readDirectory;
  realpath = ts.sys.realpath;
  directoryExists = ts.sys.directoryExists;
  getDirectories = ts.sys.getDirectories;
  fileExists = (fileName: string) => this.memory.has(fileName) || ts.sys.fileExists(fileName);
  /** A local file may import one that was missing before. */
  hasInvalidatedResolutions = (path: string) => !isInPackage(path);

  getScriptVersion = (fileName: string): string => {
    const text = this.memory.get(fileName);
    if (text !== undefined) return text;
    if (isInPackage(fileName)) return String(this.#packageGeneration);
    const stamp = stampOf(fileName);
    this.#stamps.set(fileName, stamp);
    return stamp;
  };

  getScriptSnapshot = (fileName: string): ts.IScriptSnapshot | undefined => {
    const text = this.memory.get(fileName) ?? ts.sys.readFile(fileName);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  };

  resolveModuleNameLiterals = (
    literals: readonly ts.StringLiteralLike[],
    from: string,
    _redirect: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
    file: ts.SourceFile,
  ) =>
    literals.map((literal) =>
      this.#resolver.resolve(literal.text, from, ts.getModeForUsageLocation(file, literal, options)),
    );

  resolveTypeReferenceDirectiveReferences = (
    references: readonly (ts.FileReference | string)[],
    from: string,
  ) =>
    references.map((reference) => {
      if (typeof reference === 'string') return this.#resolver.resolveTypes(reference, from, undefined);
      return this.#resolver.resolveTypes(reference.fileName, from, reference.resolutionMode);
    });
}

/** Changes whenever the file does; empty when there is none. */
function stampOf(fileName: string): string {
  const modified = ts.sys.getModifiedTime?.(fileName);
  return modified === undefined ? '' : `${modified.getTime()}-${ts.sys.getFileSize?.(fileName) ?? 0}`;
}
