/** A line of code with a place in it marked, as errors show it. */

/** Lines and columns start at 1. */
export interface MarkedPlace {
  line: number;
  column: number;
  /** How many characters are marked; 1 when unknown. */
  length?: number;
}

/** The marked line between its neighbours; the marked one starts with `>`. Without colours. */
export function sourceFrame(text: string, { line, column, length = 1 }: MarkedPlace): string[] {
  const lines = text.split(/\r?\n/);
  const marked = lines[line - 1];
  if (marked === undefined) return [];
  const width = String(Math.min(line + 1, lines.length)).length;
  const row = (number: number) => {
    const sign = number === line ? '>' : ' ';
    return `${sign} ${String(number).padStart(width)} | ${lines[number - 1]}`;
  };
  // Tabs stay tabs, so that the mark stands under what it marks.
  const indent = marked.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const marks = '^'.repeat(Math.max(1, Math.min(length, marked.length - column + 1)));
  return [
    ...(line > 1 ? [row(line - 1)] : []),
    row(line),
    `  ${' '.repeat(width)} | ${indent}${marks}`,
    ...(line < lines.length ? [row(line + 1)] : []),
  ];
}
