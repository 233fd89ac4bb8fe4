/** Sets similarities beside the figures that the activity printed, and says which model made them. */
import { escapeHtml } from '../text/escape-html.ts';
import { activityFigures, activitySentences } from './expected.ts';
import { rowsOf } from './numbers.ts';
import { note, Shown, table } from './shown.ts';

/** Real models run here in float32 agree with the printed figures to about 1e-6. */
const TOLERANCE = 5e-4;

/** Whose similarities they are. */
export interface FiguresSource {
  model: { readonly name: string; readonly standInFor: string | undefined };
  sentences: readonly string[];
}

/**
 * A note on where the numbers of a similarity matrix come from: checked against the activity's figures for the real
 * model, marked as a stand-in's otherwise, both with a table of every pair.
 * @param sim [n, n], lower triangle
 */
export function compareWithActivity(sim: unknown, { model, sentences }: FiguresSource): Shown {
  const rows = rowsOf(sim) ?? [];
  const asked = hubName(model.standInFor ?? model.name);
  const figures = activityFigures[asked];
  const sameSentences = sentences.join('\n') === activitySentences.join('\n');
  if (!figures || !sameSentences) {
    const why = figures ? 'The sentences differ from the activity’s' : 'The activity used other models';
    return withNote(
      '#888888',
      `Numbers of ${describe(model)}. ${why}, so there are no printed figures to compare with.`,
    );
  }
  const pairs = figures.flatMap((row, i) =>
    row.slice(0, i).map((figure, j) => ({ i, j, figure, own: rows[i]?.[j] ?? 0 })),
  );
  const numbers = table(
    ['pair', model.name, `printed for ${asked.replace(/^.*\//, '')}`],
    pairs.map(({ i, j, figure, own }) => [`${i} and ${j}`, own.toFixed(4), figure.toFixed(4)]),
  );
  if (model.standInFor) {
    const text = `These are numbers of ${describe(model)}. They are not those of the real model, which stand beside them.`;
    return withNote('#d18f00', text, numbers);
  }
  const worst = Math.max(...pairs.map(({ own, figure }) => Math.abs(own - figure)));
  if (worst <= TOLERANCE) {
    return withNote(
      '#2e9e5b',
      `Numbers of ${model.name}. All agree with the figures that the activity printed.`,
      numbers,
    );
  }
  const text = `Numbers of ${model.name}. They differ from the figures that the activity printed, by up to ${worst.toFixed(4)}.`;
  return withNote('#d9534f', text, numbers);
}

/** A note that says which model made the numbers beside it, and what that model is not. @example numbersOf(model) */
export function numbersOf(model: FiguresSource['model']): Shown {
  if (!model.standInFor) return withNote('#888888', `Numbers of ${model.name}.`);
  return withNote('#d18f00', `Numbers of ${describe(model)}: they are not those of the real model.`);
}

/** A model's name, with what a stand-in is. */
function describe({ name, standInFor }: FiguresSource['model']): string {
  return standInFor ? `${name}, a small stand-in for ${standInFor}` : name;
}

function hubName(name: string): string {
  return name.includes('/') ? name : `sentence-transformers/${name}`;
}

function withNote(colour: string, text: string, below?: Shown): Shown {
  return new Shown(
    below ? `${text}\n${below.text}` : text,
    note(colour, escapeHtml(text)) + (below ? below.html : ''),
  );
}
