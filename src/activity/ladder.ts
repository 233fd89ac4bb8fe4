/** Counts wrong tries and turns findings into verdicts: each wrong try gets the next, nearer hint, then the solution is offered. */

import { Solution, Verdict } from './shown/shown.ts';
import type { Blank, Finding } from './work/finding.ts';

/** Wrong tries after which the solution is offered. */
const OFFER_AFTER = 3;

/** The tries at the blanks of one exercise. */
export class Ladder {
  readonly #wrongTries = new Map<number, number>();
  #last: number | undefined;

  /** The blank that was looked at last and is not right yet. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Counts a wrong try, and says what the learner should read. */
  judge(blank: Blank, finding: Finding): Verdict {
    this.#last = finding.kind === 'right' ? undefined : blank.number;
    if (finding.kind === 'right') return new Verdict('right', finding.message);
    if (finding.kind === 'open') return new Verdict('open', `Blank ${blank.number}: ${blank.task}`);
    const hint = this.#climb(blank);
    return new Verdict('wrong', [finding.message, hint].filter(Boolean).join(' '));
  }

  /** The next hint, as after a wrong try. */
  hint(blank: Blank): Verdict {
    return new Verdict('hint', this.#climb(blank));
  }

  #climb({ number, hints }: Blank): string {
    const tries = (this.#wrongTries.get(number) ?? 0) + 1;
    this.#wrongTries.set(number, tries);
    const hint = hints[Math.min(tries, hints.length) - 1] ?? '';
    const offer = tries >= OFFER_AFTER ? ` Shall I show you? Run solution(${number}) in a cell.` : '';
    return `Hint ${Math.min(tries, hints.length)} of ${hints.length}: ${hint}${offer}`;
  }
}

/** The solution with its reason. */
export function showSolution({ number, solution, reason }: Blank): Solution {
  return new Solution(number, solution, reason);
}
