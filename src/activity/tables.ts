/** The tables that the notebooks show: the numbered sentences, and what is installed. */
import { createRequire } from 'node:module';
import { type Shown, table } from './shown.ts';

/** The sentences with their numbers. @example sentenceTable(['a', 'b']) */
export function sentenceTable(sentences: readonly string[]): Shown {
  return table(
    ['index', 'sentence'],
    sentences.map((sentence, i) => [String(i), sentence]),
  );
}

const PACKAGES = ['@huggingface/transformers', '@tensorflow/tfjs-core', 'vega-lite', 'typescript'];

/** The versions of Node, of this package and of what it stands on, and how tensors are computed. */
export function installationTable(backend: { name: string; reason: string }): Shown {
  const require = createRequire(import.meta.url);
  const own = require('../../package.json') as { version: string; dependencies: Record<string, string> };
  const rows = PACKAGES.map((name) => [name, own.dependencies[name] ?? 'missing']);
  return table(
    ['part', 'here'],
    [
      ['Node', process.versions.node],
      ['tsbert', own.version],
      ...rows,
      ['tfjs backend', `${backend.name} (${backend.reason})`],
    ],
  );
}
