/** Compiler options of a notebook: defaults for exploring, overruled by the nearest tsconfig.json where that makes sense. */
import { dirname } from 'node:path';
import { ts } from '../typescript/typescript.ts';
import { libraryFiles } from './libraries.ts';

export interface NotebookOptions {
  options: ts.CompilerOptions;
  /** Whether a missing type annotation is an error: only where a tsconfig.json asks for it. */
  reportsImplicitAny: boolean;
}

/** Taken from a tsconfig.json: what it says about types, not about files, output or modules. */
const respected = [
  'alwaysStrict',
  'baseUrl',
  'customConditions',
  'emitDecoratorMetadata',
  'exactOptionalPropertyTypes',
  'experimentalDecorators',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'lib',
  'noFallthroughCasesInSwitch',
  'noImplicitOverride',
  'noImplicitReturns',
  'noImplicitThis',
  'noPropertyAccessFromIndexSignature',
  'noUncheckedIndexedAccess',
  'paths',
  'pathsBasePath',
  'strict',
  'strictBindCallApply',
  'strictBuiltinIteratorReturn',
  'strictFunctionTypes',
  'strictNullChecks',
  'strictPropertyInitialization',
  'typeRoots',
  'types',
  'useDefineForClassFields',
  'useUnknownInCatchVariables',
] as const;

/**
 * What every cell needs. `noImplicitAny` stays on, since only then `const rows = []` takes its type from what is pushed;
 * its messages are dropped afterwards.
 */
const required: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noImplicitAny: true,
  allowImportingTsExtensions: true,
  allowArbitraryExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  allowJs: true,
  checkJs: false,
  maxNodeModuleJsDepth: 0,
  skipLibCheck: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  sourceMap: true,
  inlineSources: false,
  removeComments: true,
  noEmitOnError: false,
};

/** Null is checked, as anyone who meets `undefined` at run time would want; the rest of `strict` that nags is off. */
const defaults: ts.CompilerOptions = {
  strict: true,
  useUnknownInCatchVariables: false,
  strictPropertyInitialization: false,
  types: ['node'],
};

/** Options for the notebooks of a folder. */
export function notebookOptions(folder: string): NotebookOptions {
  const config = readConfig(folder);
  const options: ts.CompilerOptions = { lib: libraryFiles(), ...(config ?? defaults), ...required };
  options.types = [...new Set(['node', ...(options.types ?? [])])];
  const { noImplicitAny, strict } = config ?? {};
  return { options, reportsImplicitAny: noImplicitAny ?? strict ?? false };
}

/** The respected options of the nearest tsconfig.json; a broken one counts as none. */
function readConfig(folder: string): ts.CompilerOptions | undefined {
  const path = ts.findConfigFile(folder, ts.sys.fileExists);
  if (path === undefined) return undefined;
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  if (config === undefined) return undefined;
  const withoutFiles = { ...config, files: [], include: [], references: [] };
  const parsed = ts.parseJsonConfigFileContent(withoutFiles, ts.sys, dirname(path), undefined, path);
  const entries = [...respected, 'noImplicitAny'].map((name) => [name, parsed.options[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
