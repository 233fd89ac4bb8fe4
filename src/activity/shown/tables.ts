/** The tables that the notebooks show: the numbered sentences, and the hits of a search. */
import { type Shown, table } from './shown.ts';

/** The sentences with their numbers. @example sentenceTable(['a', 'b']) */
export function sentenceTable(sentences: readonly string[]): Shown {
  return table(
    ['index', 'sentence'],
    sentences.map((sentence, i) => [String(i), sentence]),
  );
}

/**
 * The hits of a search, best first, with the name of the model that scored them.
 * @example hitTable(semanticSearch(embeddings, corpusEmbeddings)[0]!, corpus, model)
 */
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
