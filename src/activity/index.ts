/** What the notebooks import from 'tsbert/activity': checks of the exercise's blanks, and small tables. */
export { NotReadyError, requires } from './blanks.ts';
export { checkEmbeddings, type Work } from './check-embeddings.ts';
export { checkModelName } from './check-model-name.ts';
export { checkSimilarity, type SimilarityMatrix } from './check-similarity.ts';
export { activityFigures, activitySentences } from './expected.ts';
export { compareWithActivity, type FiguresSource, numbersOf } from './figures.ts';
export type { EncodingModel, TensorLike } from './numbers.ts';
export { Shown, Verdict, type VerdictKind } from './shown.ts';
export { installationTable, sentenceTable } from './tables.ts';
