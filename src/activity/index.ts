/** What the notebooks import from 'tsbert/activity': the blank, the checks of an exercise, and small things to show. */
export { besidePython, type NumbersSource } from './beside-python.ts';
export { type EverydaySentence, everydaySentences } from './everyday-sentences.ts';
export { GRADE_MIME, type Grade, gradeBlank } from './grade.ts';
export { type LessonTools, lesson } from './lesson.ts';
export { row, rowsFrom, type Tensor2D } from './rows.ts';
export { numbersOf } from './shown/numbers-of.ts';
export { confusionTable, pairTable } from './shown/result-tables.ts';
export { Shown, Solution, Verdict, type VerdictKind } from './shown/shown.ts';
export { hitTable, sentenceTable } from './shown/tables.ts';
export { wordPieces } from './shown/word-pieces.ts';
export { ____, BlankError } from './work/blank.ts';
export { type Classifier, trainClassifier } from './work/classifier.ts';
export type { Given } from './work/finding.ts';
export { ColumnError, SimilarityMatrix, zeros } from './work/similarity-matrix.ts';
