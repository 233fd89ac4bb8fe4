/** Sets the picture of similarities beside that of the figures which the activity printed in Python. */
import type { Chart } from '../charts/chart.ts';
import { compareHeatmaps, heatmap } from '../charts/heatmap.ts';
import { activityFigures, activitySentences } from './expected.ts';
import { rowsOf } from './work/numbers.ts';

/** Python printed nine digits; real models here agree to about 2e-7. */
const SIX_PLACES = 1e-6;

/** Whose similarities they are. */
export interface NumbersSource {
  model: { readonly name: string; readonly standInFor: string | undefined };
  sentences: readonly string[];
}

/**
 * Heatmaps of our similarities and of Python's, on one scale, and a line that says how far they agree: to six places
 * for the real model, not at all for a stand-in. With other sentences or models there is nothing to compare with.
 * @param sim [n, n], lower triangle
 * @example besidePython(model.similarity(embeddings, embeddings), { model, sentences })
 */
export function besidePython(sim: unknown, { model, sentences }: NumbersSource): Chart {
  const rows = rowsOf(sim) ?? [];
  const asked = hubName(model.standInFor ?? model.name);
  const figures = activityFigures[asked];
  const options = { sentences, firstNumber: 0 as const };
  if (!figures || sentences.join('\n') !== activitySentences.join('\n')) {
    const why = figures ? 'the sentences differ from the activity’s' : 'the activity used other models';
    return heatmap(rows, {
      ...options,
      title: `Similarity by ${model.name}`,
      subtitle: `Nothing to compare with: ${why}.`,
    });
  }
  const printed = figures.map((row) => [...row, ...Array<number>(figures.length - row.length).fill(0)]);
  return compareHeatmaps(
    [
      { sim: rows, title: `here: ${model.name}` },
      { sim: printed, title: `in Python: ${asked.replace(/^.*\//, '')}` },
    ],
    {
      ...options,
      title: 'Our numbers beside Python’s',
      subtitle: verdict(model, greatestDifference(rows, printed)),
    },
  );
}

function verdict({ name, standInFor }: NumbersSource['model'], difference: number): string {
  if (standInFor) return `${name} stands in for ${standInFor}: its numbers are its own.`;
  if (difference <= SIX_PLACES)
    return `The same numbers to six places (greatest difference ${difference.toExponential(1)}).`;
  return `The numbers differ by up to ${difference.toPrecision(2)}.`;
}

/** Below the diagonal, where sentences are compared with others. */
function greatestDifference(a: readonly number[][], b: readonly number[][]): number {
  return Math.max(
    ...a.flatMap((row, i) => row.slice(0, i).map((value, j) => Math.abs(value - (b[i]?.[j] ?? Number.NaN)))),
  );
}

function hubName(name: string): string {
  return name.includes('/') ? name : `sentence-transformers/${name}`;
}
