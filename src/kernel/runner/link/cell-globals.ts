/**
 * The global names that every cell finds, besides those of Node: the runner implements these declarations, and the
 * compiler reads them. The file stands alone, without imports, since cells get its text as it is.
 */

/** Shows a value as the cell's last line would be shown; the handle can show another in its place. */
export declare function display(
  value: unknown,
  options?: {
    /** Names the output, so that a later `display()` can replace it. */
    displayId?: string;
    /** Replace the output named `displayId` instead of adding one. */
    update?: boolean;
  },
): Promise<{ readonly displayId: string; update(value: unknown): Promise<void> }>;

/** Clears the cell's output; with `wait`, only when the next output comes. */
export declare function clearOutput(wait?: boolean): void;

/** Asks the person at the notebook for a line of text, and waits for it. */
export declare function prompt(question?: string, options?: { password?: boolean }): string;

/** Runs a shell command with its output shown: what `!command` stands for. */
export declare function $shell(command: string): Promise<void>;

/** Runs npm in the notebook's folder: what `%npm install name` stands for. */
export declare function $npm(command: string): Promise<void>;

/** What the other magics stand for: `%help` lists them. */
export declare const $magic: {
  time<T>(work: () => T | Promise<T>): Promise<T>;
  timeit(work: () => unknown): Promise<void>;
  timeCell(): void;
  who(): void;
  whos(): void;
  env(text: string): void;
  cd(folder: string): void;
  loadEnv(file: string): void;
  show(type: string, text: string): void;
  help(): void;
};

/** Markup that shows itself; what is interpolated is escaped, unless it is markup of the same kind. */
export declare function html(strings: TemplateStringsArray, ...values: unknown[]): { toString(): string };

/** A picture in SVG; what is interpolated is escaped. */
export declare function svg(strings: TemplateStringsArray, ...values: unknown[]): { toString(): string };

/** Markdown that shows itself; what is interpolated is escaped. */
export declare function md(strings: TemplateStringsArray, ...values: unknown[]): { toString(): string };

/** A value that front ends show as a tree of JSON. */
export declare function json(value: unknown): object;

/** The value of the last cell that had one. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the cell before gave, and nobody can know.
export declare const _: any;
