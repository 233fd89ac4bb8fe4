/** Global names that the runner gives to every cell, as TypeScript declarations. */

/** Virtual file name of the declarations, in the notebook's folder. */
export const AMBIENT_FILE_NAME = 'notebook-globals.d.ts';

export const AMBIENT_DECLARATIONS = `
/** Shows a value as the cell's last line would be shown; the handle can show another in its place. */
declare function display(
  value: unknown,
  options?: { displayId?: string; update?: boolean },
): Promise<{ readonly displayId: string; update(value: unknown): Promise<void> }>;
/** Clears the cell's output; with \`wait\`, only when the next output comes. */
declare function clearOutput(wait?: boolean): void;
/** Asks the person at the notebook for a line of text, and waits for it. */
declare function prompt(question?: string, options?: { password?: boolean }): string;
/** Runs a shell command with its output shown: what \`!command\` stands for. */
declare function $shell(command: string): Promise<void>;
/** Runs npm in the notebook's folder: what \`%npm install name\` stands for. */
declare function $npm(command: string): Promise<void>;
`;
