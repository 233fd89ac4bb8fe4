/** Judges the blanks of the notebook on what models do not know. */
import { type Finding, type Given, right, wrong } from '../work/finding.ts';
import { cosine, rowsOf } from '../work/numbers.ts';
import type { Work } from './embeddings.ts';

/** Cosines in float32, computed in another order of additions. */
const TOLERANCE = 1e-4;
/** From here on a search would take two sentences for the same. */
const ALIKE = 0.7;

type Pairs = readonly (readonly [string, string])[];

async function scoresOf(model: Work['model'], pairs: Pairs): Promise<number[]> {
  const [first, second] = await Promise.all(
    [0, 1].map(async (side) => rowsOf(await model.encode(pairs.map((pair) => pair[side]!))) ?? []),
  );
  return pairs.map((_, i) => cosine(first?.[i] ?? [], second?.[i] ?? []));
}

/** Whether these are the similarities of each pair: one score for each. */
export async function judgePairScores(scores: unknown, given: Given): Promise<Finding> {
  const { model, pairs } = given as unknown as { model: Work['model']; pairs: Pairs };
  const values = toNumbers(scores);
  if (!values) return wrong('These are no scores. Assign what pairwiseCosSim gives back.');
  if (values.length !== pairs.length) {
    return wrong(
      `There are ${pairs.length} pairs and ${values.length} scores. pairwiseCosSim compares each first sentence with its own second one.`,
    );
  }
  const expected = await scoresOf(model, pairs);
  const agree = expected.every((score, i) => Math.abs(score - values[i]!) <= TOLERANCE);
  return agree
    ? right(`${pairs.length} pairs, ${pairs.length} scores.`)
    : wrong('These are not the scores of the pairs.');
}

function toNumbers(value: unknown): number[] | undefined {
  const tensor = value as { dataSync?: () => ArrayLike<number> } | undefined;
  if (typeof tensor?.dataSync === 'function') return Array.from(tensor.dataSync());
  return Array.isArray(value) && value.every((each) => typeof each === 'number') ? value : undefined;
}

/** Whether the model takes two sentences for alike that the learner wrote to mean the opposite. */
export async function judgeTrap(trap: unknown, given: Given): Promise<Finding> {
  const { model } = given as unknown as Pick<Work, 'model'>;
  const isPair = Array.isArray(trap) && trap.length === 2 && trap.every((text) => typeof text === 'string');
  if (!isPair) return wrong("These are not two sentences. Write ['one sentence', 'the other sentence'].");
  const [a, b] = trap as [string, string];
  if (a.trim().toLowerCase() === b.trim().toLowerCase()) return wrong('The two sentences are the same.');
  const [score = 0] = await scoresOf(model, [[a, b]]);
  return score >= ALIKE
    ? right(`The model gives them ${score.toFixed(2)}. Whether they mean the opposite, only you can tell.`)
    : wrong(`The model gives them ${score.toFixed(2)} only. Change as few words as you can.`);
}
