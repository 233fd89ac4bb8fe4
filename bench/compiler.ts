/** Compares this package's compiler with tslab's converter, side by side: npm run bench:compiler -- [--rounds 3] */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { caseFiles, languageCases } from './compiler-cases.ts';
import type { ContenderReport } from './compiler-contender.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const contenders = ['tsbert', 'tslab'] as const;

/** A project with a folder of notebooks in it, whose packages are those of this repository. */
function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsbert-bench-'));
  for (const [path, text] of Object.entries(caseFiles)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

function measure(name: string, project: string): ContenderReport {
  const script = fileURLToPath(new URL('./compiler-contender.js', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [script, name], {
    cwd: join(project, 'nb'),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`${name} gave no report: ${stderr}`);
  return JSON.parse(last) as ContenderReport;
}

/** Rounds alternate, so that a slow minute of the machine is everybody's. */
function measureAll(project: string): Record<string, ContenderReport[]> {
  const reports: Record<string, ContenderReport[]> = Object.fromEntries(contenders.map((name) => [name, []]));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const name of contenders) reports[name]!.push(measure(name, project));
  }
  return reports;
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

function printTables(reports: Record<string, ContenderReport[]>): void {
  const row = (...cells: string[]) => console.log(`| ${cells.join(' | ')} |`);
  row('ms of processor time, median', ...contenders);
  row('---', ...contenders.map(() => '---:'));
  for (const what of Object.keys(reports.tsbert![0]!.times)) {
    row(what, ...contenders.map((name) => median(reports[name]!.map((it) => it.times[what]!)).toFixed(1)));
  }
  row(
    'memory of the process, MB',
    ...contenders.map((name) => String(median(reports[name]!.map((it) => it.megabytes)))),
  );
  console.log();
  row('language', ...contenders);
  row('---', ...contenders.map(() => ':---:'));
  for (const { what } of languageCases) {
    row(what, ...contenders.map((name) => (reports[name]!.every(({ right }) => right[what]) ? 'yes' : 'no')));
  }
  const count = (name: string) =>
    languageCases.filter(({ what }) => reports[name]!.every((it) => it.right[what])).length;
  row('right', ...contenders.map((name) => `${count(name)} of ${languageCases.length}`));
}

const project = makeProject();
try {
  printTables(measureAll(project));
} finally {
  rmSync(project, { recursive: true, force: true });
}
