/** The source notebook of nbgrader: regions of solutions, and checks that throw. */
import { describe, expect, it } from 'vitest';
import { buildNotebook } from '../../../notebooks/source/build-notebook.ts';
import { nbgraderSource } from '../../../src/cli/grading/nbgrader.ts';

const source = "# A\n\n```ts\nimport 'x';\n```\n\n```ts\nconst a = ⟦____ → 1⟧;\nawait check(2, a)\n```\n";

describe('nbgraderSource()', () => {
  it('makes an answer and a test of each cell with a blank, and leaves the others', () => {
    const made = nbgraderSource(
      buildNotebook(source, 'x', 'learner'),
      buildNotebook(source, 'x', 'solution'),
    );
    expect(made.cells.map((cell) => cell.source)).toEqual([
      '# A',
      "import 'x';",
      '// const a = ____;\n// BEGIN SOLUTION\nconst a = 1;\n// END SOLUTION',
      "const verdict2 = await check(2, a);\nif (verdict2.kind !== 'right') throw new Error(verdict2.text);",
    ]);
    expect(made.cells.map(({ metadata }) => metadata.nbgrader)).toEqual([
      undefined,
      undefined,
      expect.objectContaining({ grade_id: 'blank-2', solution: true, grade: false, schema_version: 3 }),
      expect.objectContaining({ grade_id: 'check-2', grade: true, locked: true, points: 1 }),
    ]);
    expect(new Set(made.cells.map(({ id }) => id)).size).toBe(4);
  });
});
