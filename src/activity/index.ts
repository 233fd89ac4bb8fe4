/** What the notebooks import from 'tsbert/activity': checks of the exercise's blanks, and small tables. */
export { NotReadyError, requires } from './blanks.ts';
export { checkEmbeddings, type Work } from './check-embeddings.ts';
export { checkGroups, checkPositions } from './check-map.ts';
export { checkModelName } from './check-model-name.ts';
export { checkSearch, type Search } from './check-search.ts';
export { checkSimilarity, type SimilarityMatrix } from './check-similarity.ts';
export { type EverydaySentence, everydaySentences } from './everyday-sentences.ts';
export { activityFigures, activitySentences } from './expected.ts';
export { compareWithActivity, type FiguresSource, numbersOf } from './figures.ts';
export type { EncodingModel, TensorLike } from './numbers.ts';
export { Shown, Verdict, type VerdictKind } from './shown.ts';
export { hitTable, installationTable, sentenceTable } from './tables.ts';
