/** What JupyterLab's own build does by its rules for webpack, done for esbuild. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from './esbuild.ts';
import type { Extension } from './extensions.ts';

/**
 * 'lab:extensions': a module that imports every extension and lists what it exports.
 * @param folder where packages are resolved from
 */
export function extensionsModule(extensions: readonly Extension[], folder: string): Plugin {
  return {
    name: 'extensions',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^lab:extensions$/ }, () => ({ path: 'extensions', namespace: 'lab' }));
      onLoad({ filter: /./, namespace: 'lab' }, () => ({
        resolveDir: folder,
        contents: writeExtensions(extensions),
      }));
    },
  };
}

function writeExtensions(extensions: readonly Extension[]): string {
  const styles = extensions.flatMap(({ name, style }) => (style ? [`import '${name}/${style}';`] : []));
  const imports = extensions.map(({ name }, i) => `import e${i} from '${name}';`);
  const list = (kind: 'plugins' | 'mime') =>
    extensions.flatMap((extension, i) => (extension[kind] ? [`['${extension.name}', e${i}]`] : []));
  const exported = `export const extensions = [${list('plugins')}], mimeExtensions = [${list('mime')}];`;
  return [...styles, ...imports, exported].join('\n');
}

/** Style sheets name packages as `~package/file`; and FontAwesome lists fonts for browsers of 2012 beside woff2. */
export const styleSheets: Plugin = {
  name: 'style-sheets',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^~/ }, ({ path, kind, resolveDir }) => resolve(path.slice(1), { kind, resolveDir }));
    onResolve({ filter: /fa-.*\.(eot|svg|woff|ttf)([?#]|$)/ }, () => ({
      path: 'old-font',
      namespace: 'old-font',
    }));
    onLoad({ filter: /./, namespace: 'old-font' }, () => ({ contents: '', loader: 'dataurl' }));
  },
};

/** An SVG is text (an icon) when a module imports it, and a picture when a style sheet does. */
export const pictures: Plugin = {
  name: 'pictures',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /\.svg$/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === 'inner') return undefined;
      const found = await resolve(path, { kind, resolveDir, pluginData: 'inner' });
      if (found.errors.length > 0) return found;
      return { path: found.path, namespace: kind === 'url-token' ? 'svg-address' : 'svg-text' };
    });
    for (const [namespace, loader] of [
      ['svg-address', 'dataurl'],
      ['svg-text', 'text'],
    ] as const) {
      onLoad({ filter: /./, namespace }, async ({ path }) => ({ contents: await readFile(path), loader }));
    }
  },
};

/** Mermaid is 166 MB of diagrams that notebooks here do not draw: its fences show as code. */
export const withoutMermaid: Plugin = {
  name: 'without-mermaid',
  setup({ onResolve, onLoad }) {
    const filter = /^(mermaid|@mermaid-js\/layout-elk)(\/|$)/;
    onResolve({ filter }, () => ({ path: 'mermaid', namespace: 'mermaid' }));
    const contents = 'throw new Error("Mermaid diagrams are no part of this interface.")';
    onLoad({ filter: /./, namespace: 'mermaid' }, () => ({ contents }));
  },
};

/**
 * With code splitting, esbuild gives `await import(a CommonJS module)` a default export alone, and JupyterLab takes
 * names from it: formulas would stay raw. So the names are written out.
 */
export function namedImports(folder: string): Plugin {
  const require = createRequire(join(folder, 'package.json'));
  return {
    name: 'named-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(mathjax-full\/|regexp-match-indices$)/ }, ({ path, kind }) =>
        kind === 'dynamic-import' ? { path, namespace: 'named' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'named' }, ({ path }) => {
        const names = Object.keys(require(path) as object).filter((name) => name !== 'default');
        const contents = `import * as it from '${path}';\nexport default it;\nexport const { ${names} } = it;`;
        return { resolveDir: folder, contents };
      });
    },
  };
}
