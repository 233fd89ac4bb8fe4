/** The kernel's errors that cells and front ends see. */

/** What a cell ends in when the user stops it. */
export class InterruptedError extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('The cell was interrupted. Variables keep the values they had.');
  }
}

/** `prompt()` where nobody can answer, as in a headless run. */
export class StdinNotAllowedError extends Error {
  override readonly name = 'StdinNotAllowed';

  constructor() {
    super('prompt() cannot ask: this front end takes no input. Set the value in the cell instead.');
  }
}
