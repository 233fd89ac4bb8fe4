/** The notebooks in notebooks/ are made of their sources: `npm run notebooks` writes them anew. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildNotebook } from '../../notebooks/source/build-notebook.ts';
import { serializeNotebook } from '../../src/jupyter/notebook/nbformat.ts';

const folder = fileURLToPath(new URL('../../notebooks/', import.meta.url));
const names = ['activity', 'semantic-search', 'sentence-map', 'classify', 'limits'];

describe('buildNotebook()', () => {
  it('makes cells of text and code, and fills blanks in the solution only', () => {
    const source = '# Title\n\ntext\n\n## Part\n\n```ts\nconst a = ⟦____ → 1⟧;\n```\n\nend\n';
    const learner = buildNotebook(source, 'x', 'learner');
    expect(learner.cells.map(({ cell_type, id, source }) => [cell_type, id, source])).toEqual([
      ['markdown', 'x-01', '# Title\n\ntext'],
      ['markdown', 'x-02', '## Part'],
      ['code', 'x-03', 'const a = ____;'],
      ['markdown', 'x-04', 'end'],
    ]);
    expect(buildNotebook(source, 'x', 'solution').cells[2]?.source).toBe('const a = 1;');
  });
});

describe.each(names)('notebooks/%s', (name) => {
  const source = readFileSync(`${folder}source/${name}.md`, 'utf8');

  it('the learner’s copy is the one that its source makes', async () => {
    const text = serializeNotebook(buildNotebook(source, name, 'learner'));
    expect(text).toContain('____;');
    await expect(text).toMatchFileSnapshot(`${folder}${name}.ipynb`);
  });

  it('the solution is the one that its source makes, without a blank', async () => {
    const text = serializeNotebook(buildNotebook(source, name, 'solution'));
    expect(text).not.toMatch(/= ____|[⟦⟧]/);
    await expect(text).toMatchFileSnapshot(`${folder}${name}-solution.ipynb`);
  });
});
