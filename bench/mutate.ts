/** How much the tests notice: changes one place of the code at a time and counts the changes that no test fails for. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Files that are changed, and the tests that should notice. */
const TARGETS: readonly { name: string; files: string; tests: readonly string[] }[] = [
  { name: 'text', files: 'src/text', tests: ['test/text'] },
  { name: 'embeddings/compare', files: 'src/embeddings/compare', tests: ['test/embeddings/compare'] },
  {
    name: 'export/sanitize',
    files: 'src/export/sanitize',
    tests: ['test/export/html.test.ts', 'test/export/parts.test.ts'],
  },
  {
    name: 'compiler/rewrite',
    files: 'src/kernel/compiler/cell/rewrite.ts',
    tests: ['test/kernel/compiler/cell'],
  },
];
/** Changes tried of each target; all of them would take hours. */
const SAMPLE = 40;
const SEED = 7;

/** One change of a file: the text between two places becomes another. */
interface Mutant {
  file: string;
  start: number;
  end: number;
  replacement: string;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
};

/** A file, or the files of a folder. */
function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name));
}

/** Every change that the script knows for a file. */
function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const add = (node: ts.Node, replacement: string) =>
    found.push({ file, start: node.getStart(source), end: node.end, replacement });
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const replacement = OPERATORS[node.operatorToken.getText(source)];
      if (replacement !== undefined) add(node.operatorToken, replacement);
    }
    if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true');
    if (ts.isNumericLiteral(node)) add(node, `${Number(node.text) + 1}`);
    if (ts.isIfStatement(node)) add(node.expression, 'false');
    if (ts.isConditionalExpression(node)) add(node.condition, 'true');
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      add(node, node.operand.getText(source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A few of many, always the same ones. */
function sample<T>(items: readonly T[], count: number): T[] {
  let state = SEED;
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ item }) => item);
}

/** Whether a test fails for a change; the file is put back whatever happens. */
function isNoticed({ file, start, end, replacement }: Mutant, tests: readonly string[]): boolean {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, start) + replacement + text.slice(end));
  try {
    const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', ...tests], {
      timeout: 120_000,
      stdio: 'ignore',
    });
    return run.status !== 0;
  } finally {
    writeFileSync(file, text);
  }
}

function describePlace({ file, start, end, replacement }: Mutant): string {
  const text = readFileSync(file, 'utf8');
  const line = text.slice(0, start).split('\n').length;
  return `${file}:${line}  ${text.slice(start, end).split('\n')[0]} → ${replacement}`;
}

const wanted = process.argv[2];
for (const { name, files, tests } of TARGETS) {
  if (wanted !== undefined && wanted !== name) continue;
  const all = filesOf(files).flatMap(mutantsOf);
  const tried = sample(all, SAMPLE);
  const survivors = tried.filter((mutant) => !isNoticed(mutant, tests));
  console.log(
    `${name}: ${tried.length - survivors.length} of ${tried.length} noticed (of ${all.length} possible)`,
  );
  for (const survivor of survivors) console.log(`  ${describePlace(survivor)}`);
}
