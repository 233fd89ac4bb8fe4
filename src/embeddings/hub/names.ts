/** Model names: what a user may write, the hub's id for it, and the nearest known name when it is misspelt. */
import { bundledModels } from './bundled.ts';
import { ModelNameError } from './errors.ts';

/** Models of the hub that learners meet first; misspelt names are compared with these and with the cached ones. */
const popularModels: readonly string[] = [
  'all-MiniLM-L6-v2',
  'all-MiniLM-L12-v2',
  'all-distilroberta-v1',
  'all-mpnet-base-v1',
  'all-mpnet-base-v2',
  'all-roberta-large-v1',
  'bert-base-nli-cls-token',
  'bert-base-nli-max-tokens',
  'bert-base-nli-mean-tokens',
  'bert-base-nli-stsb-mean-tokens',
  'bert-large-nli-mean-tokens',
  'distilbert-base-nli-mean-tokens',
  'distilbert-base-nli-stsb-mean-tokens',
  'distiluse-base-multilingual-cased-v1',
  'distiluse-base-multilingual-cased-v2',
  'LaBSE',
  'msmarco-distilbert-base-v4',
  'msmarco-MiniLM-L6-cos-v5',
  'multi-qa-MiniLM-L6-cos-v1',
  'multi-qa-distilbert-cos-v1',
  'multi-qa-mpnet-base-cos-v1',
  'multi-qa-mpnet-base-dot-v1',
  'nli-mpnet-base-v2',
  'paraphrase-distilroberta-base-v1',
  'paraphrase-MiniLM-L3-v2',
  'paraphrase-MiniLM-L6-v2',
  'paraphrase-mpnet-base-v2',
  'paraphrase-multilingual-MiniLM-L12-v2',
  'paraphrase-multilingual-mpnet-base-v2',
  'roberta-base-nli-mean-tokens',
  'stsb-mpnet-base-v2',
  'stsb-roberta-base-v2',
].map((name) => `sentence-transformers/${name}`);

/** The hub's ids that need no guessing: popular ones and the bundled models' own. */
export const knownModels: readonly string[] = [...popularModels, ...bundledModels.map(({ id }) => id)];

/**
 * The hub's id for a name: a bare name means one of sentence-transformers' own models, as in Python.
 *
 * @throws ModelNameError when the name is no string, empty, a blank left to fill in, or malformed.
 * @example
 * hubId('all-mpnet-base-v2'); // 'sentence-transformers/all-mpnet-base-v2'
 */
export function hubId(modelName: unknown): string {
  if (typeof modelName !== 'string') {
    throw new ModelNameError(
      modelName,
      `A model's name must be a string, not ${modelName === null ? 'null' : typeof modelName}: for example 'all-mpnet-base-v2', or the path of a folder.`,
    );
  }
  const text = modelName.trim();
  if (text === '' || /\.{3}|…|^_+$|\/_+$/.test(text)) {
    throw new ModelNameError(
      modelName,
      `Replace the blank ${JSON.stringify(modelName)} by a model's name, for example 'bert-base-nli-mean-tokens' or 'all-mpnet-base-v2'.`,
    );
  }
  if (!isWellFormed(text)) {
    throw new ModelNameError(
      modelName,
      `${JSON.stringify(modelName)} is neither an existing folder nor a model's name: write 'name', 'org/name', or the path of a folder that is there.`,
    );
  }
  return text.includes('/') ? text : `sentence-transformers/${text}`;
}

/** The hub's own rules: at most one slash; letters, digits, `-`, `_`, `.`; no `--`, no `..`, no mark at the ends. */
function isWellFormed(text: string): boolean {
  return (
    /^[\w.-]+(\/[\w.-]+)?$/.test(text) && !/--|\.\.|(^|\/)[.-]|[.-]($|\/)/.test(text) && text.length <= 96
  );
}

/**
 * The known name nearest to a misspelt one, or undefined when none is near (a third of the letters, at most 6 edits).
 *
 * @param id what was asked for, as {@link hubId} gives it
 * @param candidates ids to choose from; equal distances go to the first
 */
export function nearestName(id: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.min(6, Math.floor(lastPart(id).length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === id) continue;
    const distance = Math.min(
      nameDistance(id, candidate),
      nameDistance(lastPart(id), lastPart(candidate)) + 0.5,
    );
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** How an id is written for a user: without the organisation where a bare name means it. */
export function shortName(id: string): string {
  return id.replace(/^sentence-transformers\//, '');
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Edits between two names, with case and the kind of separator ignored. */
function nameDistance(a: string, b: string): number {
  const plain = (name: string) => name.toLowerCase().replace(/[_ .]/g, '-');
  return editDistance(plain(a), plain(b));
}

/** Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(substitution, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
