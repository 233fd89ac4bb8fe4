/** The part of esbuild that the assembly uses: it is installed with the interface's packages, not with the project. */

/** What a plugin is told of an import. */
export interface ImportArgs {
  path: string;
  kind: string;
  resolveDir: string;
  pluginData?: unknown;
}

/** Where an import leads. */
export interface ImportResult {
  path?: string;
  namespace?: string;
  errors?: unknown[];
}

/** A module's content. */
export interface LoadResult {
  contents: string | Uint8Array;
  loader?: string;
  resolveDir?: string;
}

type Maybe<T> = T | undefined | Promise<T | undefined>;

/** What a plugin sets up. */
export interface PluginBuild {
  onResolve(options: { filter: RegExp }, callback: (args: ImportArgs) => Maybe<ImportResult>): void;
  onLoad(
    options: { filter: RegExp; namespace: string },
    callback: (args: { path: string }) => Maybe<LoadResult>,
  ): void;
  resolve(
    path: string,
    options: { kind: string; resolveDir: string; pluginData?: unknown },
  ): Promise<ImportResult & { path: string; errors: unknown[] }>;
}

/** A plugin of esbuild. */
export interface Plugin {
  name: string;
  setup(build: PluginBuild): void;
}

/** The bundler. */
export interface Esbuild {
  build(options: Record<string, unknown>): Promise<{ metafile?: { inputs: Record<string, unknown> } }>;
}
