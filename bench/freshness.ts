/** What it costs a cell to be watched: reading its uses, asking what is out of date, and taking in what it has made. */
import { parseCell } from '../src/kernel/compiler/cell/typescript-internals.ts';
import { readUses } from '../src/kernel/compiler/uses/read-uses.ts';
import { Graph } from '../src/kernel/freshness/graph.ts';
import { reasonsOf } from '../src/kernel/freshness/reasons.ts';

const CELLS = 2000;
const PART = 200;

/** A cell that reads the one before it, a name that every cell reads, and a function. */
const cellText = (i: number) => `// Step ${i}
interface Row${i} { id: number; name: string }
const rows${i}: Row${i}[] = rows${Math.max(0, i - 1)}.map((row) => ({ ...row, id: row.id + shared }));
for (const row of rows${i}) if (row.id > ${i}) rows${i}.push({ id: scale(row.id), name: row.name.toUpperCase() });
console.log(\`\${rows${i}.length} rows\`, rows${i}.filter(({ id }) => id % 2 === 0));
rows${i}`;

const FIRST =
  'const shared = 1; const rows0 = [{ id: 0, name: "a" }]; function scale(x: number) { return x * shared }';

/** Medians in milliseconds: of the first cells and of the last of 2,000, run once and run again. */
export function measureFreshness(): Record<string, number> {
  const graph = new Graph();
  const run = (i: number): number => {
    const text = i === 0 ? FIRST : cellText(i);
    const file = parseCell(text); // The compiler has parsed it anyway.
    const start = performance.now();
    const uses = structuredClone(readUses(file)); // On its way from the compiler's thread.
    const begun = graph.begin({ key: `id ${i}`, number: i, text, uses, modules: [] });
    reasonsOf(graph.names, begun);
    graph.finish(begun, true);
    return performance.now() - start;
  };
  const first = Array.from({ length: CELLS }, (_, i) => run(i));
  const again = Array.from({ length: CELLS }, (_, i) => run(i));
  return {
    [`cells 1 to ${PART}, first run`]: median(first.slice(0, PART)),
    [`cells ${CELLS - PART + 1} to ${CELLS}, first run`]: median(first.slice(-PART)),
    [`cells 1 to ${PART}, run again`]: median(again.slice(0, PART)),
    [`cells ${CELLS - PART + 1} to ${CELLS}, run again`]: median(again.slice(-PART)),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
