/** The package outside this repository: what the tarball holds, and that a user's folder works with it. */
import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packPackage, type Tarball, unpackPackage } from '../support/unpacked-package.ts';

const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
let tarball: Tarball;
let folder: string;

beforeAll(() => {
  tarball = packPackage();
  folder = unpackPackage(tarball.path);
});

afterAll(() => {
  rmSync(dirname(tarball.path), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** Runs Node in the user's folder; @returns its standard output. */
function node(args: string[], options: ExecFileSyncOptions = {}): string {
  return String(execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe', ...options })).trim();
}

const tsbert = (...args: string[]) => node(['node_modules/tsbert/dist/cli/main.js', ...args]);

describe('the tarball', () => {
  it('holds the program, the types, the bundled models, the notebooks and the documents', () => {
    const paths = tarball.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'environment.md',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/activity/index.js',
        'dist/notebook.js',
        'dist/notebook.d.ts',
        'dist/cli/main.js',
        'dist/kernel/main.js',
        'models/mini-bert-mean-tokens/model.safetensors',
        'models/mini-mpnet/model.safetensors',
        'notebooks/activity.ipynb',
        'notebooks/activity-solution.ipynb',
      ]),
    );
  });

  it('holds nothing that only makes or tests it', () => {
    const paths = tarball.files.map(({ path }) => path);
    expect(
      paths.filter((path) => /^(src|test|bench|out|\.ci)\/|training|\.tsbuildinfo|\.tgz$/.test(path)),
    ).toEqual([]);
    expect(tarball.files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(60e6);
  });
});

describe("import 'tsbert'", () => {
  const use =
    'console.log(JSON.stringify(cosSim([[1, 0]], [[3, 4]]).arraySync().flat().map((x) => x.toFixed(3))))';

  it('works in an ES module and, with require(), in CommonJS', () => {
    expect(node(['--input-type=module', '-e', `import { cosSim } from 'tsbert'; ${use}`])).toBe('["0.600"]');
    expect(node(['--input-type=commonjs', '-e', `const { cosSim } = require('tsbert'); ${use}`])).toBe(
      '["0.600"]',
    );
  });

  it('offers the checks of the exercise beside it', () => {
    const code = "import * as activity from 'tsbert/activity'; console.log(Object.keys(activity).length > 0)";
    expect(node(['--input-type=module', '-e', code])).toBe('true');
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types that check what a program passes (module %s, resolution %s)', (module, resolution) => {
    const program = `import { cosSim, heatmap, SentenceTransformer } from 'tsbert';
import { type ExecutionResult, executeNotebook, exportHtml, kernelSpec, type Notebook, parseNotebook } from 'tsbert/notebook';
const model: SentenceTransformer = await SentenceTransformer.load('all-mpnet-base-v2', { standIn: true });
const similarities = cosSim(await model.encode(['a', 'b']), await model.encode('c'));
const rows: number[][] = similarities.arraySync();
heatmap(rows, { sentences: ['a', 'b'], title: 'Two sentences' });
const notebook: Notebook = parseNotebook('{}', 'a.ipynb');
const { failures }: ExecutionResult = await executeNotebook(notebook, { cwd: '.', kernelSpec: kernelSpec() });
const page: string = await exportHtml(notebook, { live: failures.length === 0 });
// @ts-expect-error no such option
await SentenceTransformer.load('all-mpnet-base-v2', { nonsense: true });
`;
    writeFileSync(join(folder, 'program.mts'), program);
    writeFileSync(
      join(folder, 'program.cts'),
      "import tsbert = require('tsbert');\nexport const rows: number[][] = tsbert.cosSim([[1]], [[1]]).arraySync();\n" +
        "import files = require('tsbert/notebook');\nexport const html: Promise<string> = files.exportHtml(files.parseNotebook('{}', 'a'));\n",
    );
    const files = resolution === 'nodenext' ? ['program.mts', 'program.cts'] : ['program.mts'];
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022'];
    const how = ['--module', module, '--moduleResolution', resolution];
    const checked = spawnSync(process.execPath, [compiler, ...flags, ...how, ...files], { cwd: folder });
    expect(String(checked.stdout)).toBe('');
  });
});

describe("import 'tsbert/notebook'", () => {
  const program = `const source = "const a = 20 + 1;\\na * 2";
const cells = [{ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }];
const text = JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells });
const run = async ({ parseNotebook, executeNotebook, exportHtml, kernelSpec }) => {
  const { notebook, failures } = await executeNotebook(parseNotebook(text, 'a.ipynb'), {
    cwd: process.cwd(),
    kernelSpec: kernelSpec(),
  });
  const page = await exportHtml(notebook, { title: 'Sum' });
  console.log(JSON.stringify([failures.length, page.includes('<title>Sum</title>'), />42</.test(page)]));
};
`;

  it.each([
    ['module', "run(await import('tsbert/notebook'));"],
    ['commonjs', "run(require('tsbert/notebook'));"],
  ])('reads, runs and exports a notebook (%s)', { timeout: 120_000 }, (type, start) => {
    expect(node([`--input-type=${type}`, '-e', program + start])).toBe('[0,true,true]');
  });
});

describe('npx tsbert', () => {
  it('registers the kernel of this installation', () => {
    tsbert('kernel', 'install', '--prefix', 'prefix');
    const path = join(folder, 'prefix', 'share', 'jupyter', 'kernels', 'tsbert', 'kernel.json');
    const { argv } = JSON.parse(readFileSync(path, 'utf8')) as { argv: string[] };
    expect(argv.find((part) => part.endsWith('main.js'))).toBe(
      join(folder, 'node_modules', 'tsbert', 'dist', 'kernel', 'main.js'),
    );
  });

  it('runs a notebook that imports tsbert, in a folder that has none beside it', { timeout: 120_000 }, () => {
    const source = "import { cosSim } from 'tsbert';\ncosSim([[1, 0]], [[3, 4]])";
    const cells = [{ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }];
    const elsewhere = mkdtempSync(join(tmpdir(), 'tsbert-elsewhere-'));
    writeFileSync(
      join(elsewhere, 'a.ipynb'),
      JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }),
    );
    tsbert('run', join(elsewhere, 'a.ipynb'), '--output', join(elsewhere, 'done.ipynb'));
    expect(readFileSync(join(elsewhere, 'done.ipynb'), 'utf8')).toContain('array([[0.6');
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('copies the exercise, runs its solution and exports it', { timeout: 240_000 }, () => {
    tsbert('activity', 'mine', '--teacher');
    const program = 'node_modules/tsbert/dist/cli/main.js';
    const env = { ...process.env, TSBERT_OFFLINE: '1' };
    node([program, 'run', 'mine/activity-solution.ipynb', '--output', 'out/done.ipynb'], { env });
    tsbert('export', 'out/done.ipynb', '--output', 'out/done.html');
    expect(readFileSync(join(folder, 'out', 'done.html'), 'utf8')).toContain('<svg');
  });
});

const installs = process.env.TSBERT_TEST_INSTALL === '1';
if (!installs) {
  console.log('The tarball is not installed: set TSBERT_TEST_INSTALL=1 where the npm registry is in reach');
}

describe.runIf(installs)('npm install TARBALL', () => {
  it('gives a working npx tsbert and import', { timeout: 600_000 }, () => {
    const empty = mkdtempSync(join(tmpdir(), 'tsbert-install-'));
    try {
      writeFileSync(join(empty, 'package.json'), '{ "private": true }');
      const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
      const options = { cwd: empty, env, shell: process.platform === 'win32' };
      execFileSync('npm', ['install', '--no-audit', '--no-fund', tarball.path], {
        ...options,
        stdio: 'pipe',
      });
      expect(String(execFileSync('npx', ['tsbert', '--version'], options))).toMatch(/^\d+\.\d+\.\d+/);
      const code =
        "import('tsbert').then(({ cosSim }) => console.log(cosSim([[2]], [[1]]).arraySync()[0][0]))";
      expect(node(['-e', code], { cwd: empty })).toBe('1');
      expect(existsSync(join(empty, 'node_modules', 'tsbert', 'models', 'mini-mpnet'))).toBe(true);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });
});
