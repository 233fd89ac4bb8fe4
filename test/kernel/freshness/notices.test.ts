/** The words of notices. */
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/kernel/freshness/nodes.ts';
import { staleNotice, titleOf } from '../../../src/kernel/freshness/notices.ts';

const cell = (number: number, text: string, effects: string[] = []) =>
  ({ number, text, effects: new Set(effects) }) as unknown as Cell;

describe('titleOf()', () => {
  it.each([
    ['// Blank 2: encode\nconst e = 1', 'Blank 2: encode'],
    ['\n  /* The map */ const a = 1', 'The map'],
    ['/** Doc */', 'Doc'],
    ['const a = 1; // later', 'const a = 1; // later'],
    ['const list = [', 'const list ='],
    ['f(x);', 'f(x)'],
    ['//\nconst a = 1', '//'],
    ['', ''],
    [`// ${'x'.repeat(80)}`, `${'x'.repeat(59)}…`],
    ['x'.repeat(80), `${'x'.repeat(39)}…`],
  ])('%j', (text, title) => {
    expect(titleOf(text)).toBe(title);
  });
});

describe('staleNotice()', () => {
  it('puts no markup of a cell into the page', () => {
    const cells = [cell(3, '// <img src=x onerror=alert(1)>')];
    const data = staleNotice({ cells, byHand: [], byKernel: cells });
    expect(data['text/html']).not.toContain('<img');
    expect(data['text/plain']).toContain('<img');
  });
  it('names a dozen and counts the rest', () => {
    const cells = Array.from({ length: 15 }, (_, i) => cell(i, `// t${i}`));
    expect(staleNotice({ cells, byHand: [], byKernel: cells })['text/plain']).toContain(
      '11 t11, and 3 more.',
    );
  });
  it('says which cells are left to be run by hand, and why', () => {
    const hand = cell(4, '// install', ['%npm', 'prompt']);
    const cells = [hand, cell(5, '// use')];
    expect(staleNotice({ cells, byHand: [hand], byKernel: [] })['text/plain']).toContain(
      'Cell 4 must be run by hand: %npm, prompt.',
    );
  });
});
