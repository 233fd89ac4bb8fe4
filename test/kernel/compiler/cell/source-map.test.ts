/** Source maps moved to the user's text. */
import { SourceMap } from 'node:module';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { shiftSourceMap } from '../../../../src/kernel/compiler/cell/source-map.ts';

describe('shiftSourceMap()', () => {
  it('moves generated lines down and source lines up, for every mapping', () => {
    const prefix = 'export {};\n';
    const code = 'type A = 1;\n\nconst a = 1;\nfunction f() {\n  return a;\n}\n';
    const options = { sourceMap: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    const { sourceMapText } = ts.transpileModule(prefix + code, { compilerOptions: options });
    const target = { name: 'In[3]', text: code };
    const shifted = shiftSourceMap(sourceMapText!, target, { generatedLines: 2, sourceLines: 1 });
    const before = new SourceMap(JSON.parse(sourceMapText!));
    const after = new SourceMap(shifted as never);
    expect(shifted).toMatchObject({ sources: ['In[3]'], sourcesContent: [code] });
    for (const [line, column] of [
      [0, 0],
      [0, 6],
      [1, 9],
      [2, 4],
      [2, 11],
    ] as const) {
      const old = before.findEntry(line, column) as { originalLine: number; originalColumn: number };
      expect(after.findEntry(line + 2, column)).toMatchObject({
        originalLine: old.originalLine - 1,
        originalColumn: old.originalColumn,
      });
    }
  });

  it('leaves a map without mappings as it is', () => {
    const map = JSON.stringify({ version: 3, mappings: '', names: [] });
    expect(shiftSourceMap(map, { name: 'a', text: '' }, { generatedLines: 1, sourceLines: 1 }).mappings).toBe(
      ';',
    );
  });
});
