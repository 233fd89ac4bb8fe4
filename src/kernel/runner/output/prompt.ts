/** `prompt()`: asks the person at the notebook, and waits. */
import type * as cellGlobals from '../link/cell-globals.ts';
import { StdinNotAllowedError } from '../link/errors.ts';
import { emit } from '../link/link.ts';
import { currentRun, outputRun } from '../link/run-context.ts';
import type { Control } from '../process/control.ts';

/** Ways to ask. */
export interface PromptOptions {
  /** Hide what is typed. */
  password?: boolean;
}

/**
 * Puts `prompt()` in place. As in browsers it blocks and gives the line typed; `await prompt()` does the same.
 *
 * The function throws a StdinNotAllowedError where the front end takes no input, and an InterruptedError when the
 * cell is stopped while it waits.
 */
export function installPrompt(control: Control): void {
  const prompt = (message = '', options?: PromptOptions): string => {
    const run = outputRun();
    if (!currentRun().allowStdin) throw new StdinNotAllowedError();
    const password = typeof options === 'object' && options.password === true;
    return control.waitForAnswer(() => emit({ type: 'ask', run, prompt: String(message), password }));
  };
  Object.assign(globalThis, { prompt } satisfies Partial<typeof cellGlobals>);
}
