/** Judges a blank that names a model. */
import { knownModels, nearestName, shortName } from '../../embeddings/hub/names.ts';
import { type Finding, right, wrong } from '../work/finding.ts';

/** Whether the name is the one that the text asks for. @param asked its last part, as the text gives it */
export async function judgeModelName(name: unknown, asked: string): Promise<Finding> {
  if (typeof name !== 'string') {
    return wrong(`A model's name is text between quotes, and this is ${kindOf(name)}.`);
  }
  const given = shortName(name.trim());
  if (given === asked) return right(`${asked} it is. Run the next cell to load it.`);
  return wrong(hintFor(given, asked));
}

function hintFor(given: string, asked: string): string {
  const nearest = nearestName(`sentence-transformers/${given}`, [
    `sentence-transformers/${asked}`,
    ...knownModels,
  ]);
  if (knownModels.includes(`sentence-transformers/${given}`)) {
    return `'${given}' is a model too, but another one. Take the name that the text above gives.`;
  }
  if (nearest) return `There is no '${given}'. Did you mean '${shortName(nearest)}'?`;
  return `'${given}' is not the model's name. Copy the name from the text above, letter by letter.`;
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}
