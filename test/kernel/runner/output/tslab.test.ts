/** The module 'tslab' as cells import it. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { TestNotebook } from '../../support/notebook.ts';

const published: unknown[][] = [];
const shown: unknown[] = [];
Object.assign(globalThis, {
  [Symbol.for('Jupyter.publish')]: (...args: unknown[]) => published.push(args),
  display: async (value: unknown) => void shown.push(value),
});

const notebook = new TestNotebook({
  'local.ts': "import { display } from 'tslab'; export const show = () => display.text('local')",
});
afterAll(() => notebook.dispose());
beforeEach(() => {
  published.length = 0;
});

describe("import * as tslab from 'tslab'", () => {
  it('shows one type a call', async () => {
    await notebook.run(
      "import * as tslab from 'tslab'\ntslab.display.html('<b>x</b>'); tslab.display.png(new Uint8Array([1]))",
    );
    expect(published).toEqual([
      [{ 'text/html': '<b>x</b>' }, { metadata: {} }],
      [{ 'image/png': new Uint8Array([1]) }, { metadata: {} }],
    ]);
  });

  it('shows bundles, and JSON as values', async () => {
    await notebook.run(
      "tslab.display.bundle({ 'text/plain': 'a', 'application/json': '[1]' }, { isolated: true })",
    );
    await notebook.run("tslab.display.raw('application/vnd.vegalite.v5+json', { mark: 'bar' })");
    expect(published).toEqual([
      [{ 'text/plain': 'a', 'application/json': [1] }, { metadata: { isolated: true } }],
      [{ 'application/vnd.vegalite.v5+json': { mark: 'bar' } }, { metadata: {} }],
    ]);
  });

  it('replaces the output of a display of its own', async () => {
    await notebook.run(
      "import { newDisplay } from 'tslab'; const d = newDisplay(); d.text('1'); d.text('2')",
    );
    const [first, second] = published.map(([, options]) => options as { displayId: string; update: boolean });
    expect(first).toMatchObject({ update: false });
    expect(second).toEqual({ ...first, update: true });
  });

  it('shows any value, from local files too, and tells its versions', async () => {
    await notebook.run("await tslab.display(42); import { show } from './local.ts'; show()");
    expect(shown).toEqual([42]);
    expect(published).toEqual([[{ 'text/plain': 'local' }, { metadata: {} }]]);
    expect(await notebook.run('tslab.versions.node')).toBe(process.version);
  });
});
