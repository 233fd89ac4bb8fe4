/** What a notebook imports is known before its cells run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { notebookPackages } from '../../../src/kernel/compiler/notebook-cells.ts';

const folder = mkdtempSync(join(tmpdir(), 'tsbert-packages-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(content: unknown): string {
  const path = join(folder, 'a.ipynb');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('notebookPackages()', () => {
  it('gives the packages of code cells once each, and neither files nor what Node brings', () => {
    const path = write({
      cells: [
        { cell_type: 'markdown', source: "import 'not-this'" },
        {
          cell_type: 'code',
          source: ["import fs from 'node:fs';\n", 'import { load } from "@scope/name/sub";'],
        },
        {
          cell_type: 'code',
          source: "import './local.ts';\nconst x = await import('tsbert');\nimport 'path';",
        },
        { cell_type: 'code', source: "import { a } from 'tsbert'; import 'https://example.org/x.js';" },
        { cell_type: 'code' },
      ],
    });
    expect(notebookPackages(path)).toEqual(['@scope/name/sub', 'tsbert']);
  });

  it('knows those of the exercise', () => {
    expect(notebookPackages('notebooks/activity-solution.ipynb')).toContain('tsbert');
  });

  it.each([undefined, 'session-1', join(folder, 'none.ipynb')])('gives none for %s', (path) => {
    expect(notebookPackages(path)).toEqual([]);
  });

  it('gives none for a file that is half written', () => {
    expect(notebookPackages(write('{"cells": ['))).toEqual([]);
  });
});
