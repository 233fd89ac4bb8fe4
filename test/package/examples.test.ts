/** Every example in the documentation of what the package exports: it is there, it compiles, it runs, and its comments are true. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createProgram,
  type Example,
  exportNames,
  readDoors,
  withChecks,
} from '../support/public-examples.ts';
import { makeTinyModelCache } from '../support/tiny-model-cache.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'out', 'examples');
const SCOPE = 'test/support/example-scope.ts';
const doors = readDoors(['src/index.ts', 'src/notebook.ts', 'src/activity/index.ts']);
const examples = doors.flatMap((door) => door.examples);
const moduleOf = (i: number) => join(folder, `example-${i}.ts`);
const before = { cwd: process.cwd(), env: { ...process.env } };
let work: string;

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  const names = exportNames([...doors.map(({ path }) => path), SCOPE]);
  for (const [i, example] of examples.entries()) writeFileSync(moduleOf(i), moduleText(example, names));
  work = mkdtempSync(join(tmpdir(), 'tsbert-examples-'));
  Object.assign(process.env, { HF_HUB_CACHE: makeTinyModelCache(join(work, 'hub')), TSBERT_OFFLINE: '1' });
  process.chdir(work);
});

afterAll(() => {
  process.chdir(before.cwd);
  process.env = before.env;
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** A module that runs one example, which may declare names of its own over the imported ones. */
function moduleText({ code }: Example, names: ReadonlyMap<string, string>): string {
  const used = [...new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu))].filter((name) =>
    names.has(name),
  );
  return [
    ...used.map((name) => `import { ${name} } from '../../${names.get(name)}';`),
    'export async function run(promised: (value: unknown, expected: unknown) => void): Promise<void> {',
    withChecks(code),
    '}',
    '',
  ].join('\n');
}

describe.each(doors)('$path', ({ bare }) => {
  it('gives every function and class an example', () => {
    expect(bare).toEqual([]);
  });
});

describe('examples', () => {
  it('compile', { timeout: 300_000 }, () => {
    const program = createProgram(examples.map((_, i) => moduleOf(i)));
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      const i = examples.findIndex((_, index) => moduleOf(index) === file?.fileName);
      return `${examples[i]?.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
    expect(problems).toEqual([]);
  });

  it.each(examples.map(({ name }, i) => [name, i] as const))(
    'of %s runs, and its comments are true',
    async (_, i) => {
      const { run } = (await import(moduleOf(i))) as { run(promised: typeof checkPromise): Promise<void> };
      await run(checkPromise);
    },
  );
});

interface Shaped {
  shape: number[];
  arraySync(): unknown;
}

/** Tensors are compared by their values, or by their shape where that is all that is promised. */
function checkPromise(value: unknown, expected: unknown): void {
  const isTensor = typeof value === 'object' && value !== null && 'arraySync' in value;
  if (isTensor && !Array.isArray(expected)) expect(value).toMatchObject(expected as object);
  else expect(rounded(isTensor ? (value as Shaped).arraySync() : value)).toEqual(rounded(expected));
}

/** Numbers to six decimals: float32 has no more. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(6)) + 0;
  return Array.isArray(value) ? value.map(rounded) : value;
}
