/** The displays that a run makes, so that the same cell run again can put its own in their place. */
import type { RunOutput } from '../runner/link/messages.ts';

type DisplayOutput = Extract<RunOutput, { type: 'display' }>;

/** Follows the displays of one run. */
export class DisplayTrail {
  /** Ids under which front ends know this run's displays, in order. */
  readonly ids: string[] = [];
  readonly #places: string[];
  readonly #moved = new Map<string, string>();

  /** @param places ids of the displays of the cell's run before: the first display goes to the first, and so on */
  constructor(places: readonly string[] = []) {
    this.#places = [...places];
  }

  /** Where a display goes: in the place of an earlier one, as an update, or below the cell that asked. */
  place(output: DisplayOutput): DisplayOutput {
    const { displayId, update } = output;
    if (displayId === undefined) return output;
    const moved = this.#moved.get(displayId);
    if (update) return moved === undefined ? output : { ...output, displayId: moved };
    const place = this.#places.shift();
    this.ids.push(place ?? displayId);
    if (place === undefined) return output;
    this.#moved.set(displayId, place);
    return { ...output, displayId: place, update: true };
  }
}
