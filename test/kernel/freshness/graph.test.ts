/** The graph on its own: versions, long chains, and plans. */
import { describe, expect, it } from 'vitest';
import { parseCell } from '../../../src/kernel/compiler/cell/typescript-internals.ts';
import { readUses } from '../../../src/kernel/compiler/uses/read-uses.ts';
import { Graph } from '../../../src/kernel/freshness/graph.ts';
import { reasonText } from '../../../src/kernel/freshness/notices.ts';
import { planBefore, planFor } from '../../../src/kernel/freshness/plan.ts';
import { reasonsOf } from '../../../src/kernel/freshness/reasons.ts';

function createNotebook() {
  const graph = new Graph();
  let number = 0;
  const begin = (key: string, text: string, modules: string[] = []) =>
    graph.begin({ key, number: ++number, text, uses: readUses(parseCell(text)), modules });
  return {
    graph,
    begin,
    run: (key: string, text: string, modules?: string[]) => graph.finish(begin(key, text, modules), true),
    fail: (key: string, text: string) => graph.finish(begin(key, text), false),
    version: (key: string, name: string) => graph.cells.get(key)!.slots.get(name)!.version,
    stale: () => [...graph.stale].map(({ key }) => key).sort(),
    plan: () => planFor(graph.names, graph.stale).cells.map(({ key }) => key),
  };
}

describe('Graph versions', () => {
  it('are the same for the same code with the same inputs', () => {
    const { run, version } = createNotebook();
    run('a', 'const x = 1');
    run('b', 'const y = x');
    const before = version('b', 'y');
    run('a', 'const x = 1 // again');
    run('b', 'const  y = x');
    expect(version('b', 'y')).toBe(before);
    run('a', 'const x = 2');
    run('b', 'const y = x');
    expect(version('b', 'y')).not.toBe(before);
  });

  it('follow local files', () => {
    const { run, stale } = createNotebook();
    run('a', "import { f } from './f.ts'", ['1']);
    run('b', 'const y = f()');
    run('a', "import { f } from './f.ts'", ['1']);
    expect(stale()).toEqual([]);
    run('a', "import { f } from './f.ts'", ['2']);
    expect(stale()).toEqual(['b']);
  });

  it('do not grow with the times that a cell goes on from its own value', () => {
    const { graph, run, stale } = createNotebook();
    run('a', 'let n = 0');
    run('b', 'const list = []');
    for (let i = 0; i < 50; i++) run('c', 'n++; list.push(() => n)');
    expect(graph.cells.get('c')!.slots.get('n')!.inputs).toHaveLength(1);
    run('d', 'n');
    run('a', 'let n = 5');
    expect(stale()).toEqual(['c', 'd']);
    run('a', 'let n = 0');
    expect(stale()).toEqual([]);
  });

  it('of a failed run may hold the old value as well as the new one', () => {
    const { run, fail, stale } = createNotebook();
    run('a', 'const x = 1');
    run('b', 'const y = x');
    run('c', 'y');
    fail('b', 'const y = x');
    expect(stale()).toEqual(['b', 'c']);
    run('b', 'const y = x');
    expect(stale()).toEqual([]);
  });
});

describe('planFor()', () => {
  it('goes through a chain of 2,000 cells', () => {
    const { run, plan, begin, graph } = createNotebook();
    run('0', 'const v0 = 1');
    for (let i = 1; i <= 2000; i++) run(String(i), `const v${i} = v${i - 1} + 1`);
    run('0', 'const v0 = 2');
    expect(plan()).toEqual(Array.from({ length: 2000 }, (_, i) => String(i + 1)));
    const last = begin('last', 'v2000');
    const reasons = reasonsOf(graph.names, last);
    expect(reasons.map(reasonText)).toEqual([
      '`v2000` (cell 2001) was made from an earlier `v0` (cell 2002)',
    ]);
    expect(planBefore(graph.names, last, reasons).byKernel).toHaveLength(2000);
  });

  it('calls through a chain of 5,000 functions', () => {
    const { run, stale } = createNotebook();
    run('0', 'function f0() { return base }');
    run('base', 'let base = 1');
    for (let i = 1; i <= 5000; i++) run(String(i), `function f${i}() { return f${i - 1}() }`);
    run('use', 'const used = f5000()');
    run('base', 'let base = 2');
    expect(stale()).toEqual(['use']);
  });

  it('puts what sets a name again behind what reads it before', () => {
    const { run, plan } = createNotebook();
    run('a', 'const s = 1; let x = s');
    run('b', 'const y = x');
    run('c', 'x = s + 5');
    run('d', 'x');
    run('a', 'const s = 2; let x = s');
    expect(plan()).toEqual(['b', 'c', 'd']);
  });
});
