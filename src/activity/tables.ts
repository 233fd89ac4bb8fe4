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

/** The hits of a search, best first, with the name of the model that scored them. */
export function hitTable(
  hits: readonly { corpusId: number; score: number }[],
  sentences: readonly string[],
  model: { readonly name: string },
): Shown {
  return table(
    ['rank', `score by ${model.name}`, 'sentence'],
    hits.map(({ corpusId, score }, i) => [String(i + 1), score.toFixed(3), sentences[corpusId] ?? '']),
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
