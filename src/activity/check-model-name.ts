/** Checks the blanks that name a model. */
import { knownModels, nearestName, shortName } from '../embeddings/hub/names.ts';
import { isBlank, recordVerdict } from './blanks.ts';
import { Verdict } from './shown.ts';

/** Number of a blank of the activity → the model that its text asks for. */
const ASKED: Readonly<Record<number, string>> = { 1: 'bert-base-nli-mean-tokens', 4: 'all-mpnet-base-v2' };

/**
 * Whether the name is the one the text asks for.
 * @param blank the blank's number in the activity
 * @param name what the learner filled in
 * @throws RangeError when the activity has no such blank
 * @example checkModelName(1, 'bert-base-nli-mean-tokens')
 */
export function checkModelName(blank: number, name: unknown): Verdict {
  const asked = ASKED[blank];
  if (asked === undefined) {
    throw new RangeError(`Blank ${blank} names no model. Check one of: ${Object.keys(ASKED).join(', ')}.`);
  }
  return recordVerdict(blank, judge(blank, name, asked));
}

function judge(blank: number, name: unknown, asked: string): Verdict {
  if (isBlank(name)) {
    return new Verdict(
      'open',
      `Blank ${blank}: put the model's name between the quotes, in place of the three dots. The text above says it.`,
    );
  }
  if (typeof name !== 'string') {
    return new Verdict('wrong', `A model's name is text between quotes, and this is ${kindOf(name)}.`);
  }
  const given = shortName(name.trim());
  if (given === asked) return new Verdict('right', `${asked} it is. Run the next cell to load it.`);
  return new Verdict('wrong', hintFor(given, asked));
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
