/** A type and a value of one name may come from different cells. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestNotebook } from '../../support/notebook.ts';

let notebook: TestNotebook;
beforeEach(() => {
  notebook = new TestNotebook();
});
afterEach(() => notebook.dispose());

const codes = (code: string) => notebook.compile(code).diagnostics.map((it) => it.code);

describe('a name of two meanings', () => {
  it('takes its type from a later cell, made of the value', async () => {
    await notebook.run('const User = { parse: (name: string) => ({ name }) };');
    await notebook.run('type User = ReturnType<typeof User.parse>;');
    expect(await notebook.run("const one: User = User.parse('a');\none.name")).toBe('a');
    expect(codes('const two: User = { name: 3 }')).toEqual([2322]);
  });

  it('takes its value from a later cell, of the type', async () => {
    await notebook.run('interface Point { x: number }');
    await notebook.run('const Point = (x: number): Point => ({ x });');
    expect(await notebook.run('const p: Point = Point(3);\np.x')).toBe(3);
    expect(await notebook.run('const more: Point[] = [Point(1), p];\nmore.length')).toBe(2);
  });

  it('keeps parameters of its type', async () => {
    await notebook.run('type Box<T> = { value: T }');
    await notebook.run('function Box<T>(value: T): Box<T> { return { value } }');
    expect(await notebook.run('const box: Box<number> = Box(4);\nbox.value')).toBe(4);
  });

  it('lets each half be declared again', async () => {
    await notebook.runAll('interface Unit { a: number }', 'const Unit = 1;', 'interface Unit { b: string }');
    expect(codes("const u: Unit = { b: '' }; const n: number = Unit;")).toEqual([]);
    await notebook.run("let Unit = 'text';");
    expect(await notebook.run("Unit = 'other';\nUnit")).toBe('other');
  });

  it('is whole again where a class or an import declares both', async () => {
    await notebook.runAll('interface Whole { a: number }', 'const Whole = 1;', 'class Whole { b = 2 }');
    expect(await notebook.run('const w: Whole = new Whole();\nw.b')).toBe(2);
  });
});
