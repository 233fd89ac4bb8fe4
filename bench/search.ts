/** Searches 200,000 random vectors by several engines, each in a process of its own: time of a query, and memory. */
import { fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tfjs } from '../src/embeddings/backend.ts';
import { EmbeddingIndex, type LanceDb, LanceIndex, readyBackend, semanticSearch } from '../src/index.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string' }, dim: { type: 'string' }, contender: { type: 'string' } },
});
const ROWS = Number(values.rows ?? 200_000);
const DIM = Number(values.dim ?? 256);
const QUERIES = 15;
const TOP = 5;
const ROWS_AT_ONCE = 10_000;

/** Takes all vectors, and gives the ids of the nearest to a query. */
type Contender = (blocks: Iterable<Float32Array[]>) => Promise<(query: Float32Array) => Promise<number[]>>;

/** Where sqlite-vec and @lancedb/lancedb are installed. */
const peers = createRequire(path.join(path.resolve(process.env.TSBERT_SEARCH_PEERS ?? '.'), 'package.json'));

const CONTENDERS: Record<string, Contender> = {
  'EmbeddingIndex float32': inIndex({ precision: 'float32' }),
  'EmbeddingIndex int8': inIndex({ precision: 'int8' }),
  'EmbeddingIndex float32, plain loop': inIndex({ precision: 'float32', engine: 'plain' }),
  semanticSearch: async (blocks) => {
    await readyBackend();
    const values = new Float32Array(ROWS * DIM);
    let end = 0;
    for (const row of [...blocks].flat()) values.set(row, DIM * end++);
    const all = tfjs().tensor2d(values, [ROWS, DIM]);
    return async (query) => semanticSearch(query, all, { topK: TOP })[0]!.map(({ corpusId }) => corpusId);
  },
  'sqlite-vec': async (blocks) => {
    const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite');
    const database = new DatabaseSync(':memory:', { allowExtension: true });
    peers('sqlite-vec').load(database);
    database.exec(`create virtual table v using vec0(embedding float[${DIM}] distance_metric=cosine)`);
    const insert = database.prepare('insert into v(rowid, embedding) values (?, ?)');
    let id = 1n;
    for (const rows of blocks) for (const row of rows) insert.run(id++, bytesOf(row));
    const find = database.prepare(`select rowid from v where embedding match ? and k = ${TOP}`);
    return async (query) =>
      (find.all(bytesOf(query)) as { rowid: number }[]).map(({ rowid }) => Number(rowid) - 1);
  },
  'LanceDB, flat': (blocks) => inLance(blocks, false),
  'LanceDB, IVF': (blocks) => inLance(blocks, true),
};

function inIndex(options: { precision: 'float32' | 'int8'; engine?: 'plain' }): Contender {
  return async (blocks) => {
    const index = new EmbeddingIndex({ dimension: DIM, ...options });
    for (const rows of blocks) await index.add(rows);
    return async (query) => (await index.search(query, { topK: TOP }))[0]!.map(({ id }) => Number(id));
  };
}

async function inLance(
  blocks: Iterable<Float32Array[]>,
  ivf: boolean,
): Promise<(query: Float32Array) => Promise<number[]>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsbert-bench-'));
  const lancedb = peers('@lancedb/lancedb') as LanceDb;
  const index = await LanceIndex.open(folder, { lancedb, dimension: DIM, probes: 60 });
  for (const rows of blocks) await index.add(rows);
  if (ivf) await index.buildIvf();
  return async (query) => (await index.search(query, { topK: TOP }))[0]!.map(({ id }) => Number(id));
}

function bytesOf(row: Float32Array): Uint8Array {
  return new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
}

/** Points around 1,000 centres, the same on every run: random ones have no neighbours that an IVF index could find. */
function* vectors(rows: number, seed: number): Generator<Float32Array[]> {
  let state = 11;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const centres = Array.from({ length: 1000 }, () => Float32Array.from({ length: DIM }, next));
  state = seed;
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    yield Array.from({ length: Math.min(ROWS_AT_ONCE, rows - start) }, () => {
      const centre = centres[Math.floor((next() + 0.5) * 1000)]!;
      return centre.map((value) => value + next());
    });
  }
}

async function measure(contender: Contender) {
  const started = performance.now();
  const search = await contender(vectors(ROWS, 7));
  const buildSeconds = (performance.now() - started) / 1000;
  const queries = [...vectors(QUERIES, 99)].flat();
  const times: number[] = [];
  const found: number[][] = [];
  for (const query of queries) {
    const before = process.cpuUsage();
    found.push(await search(query));
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1]!;
  return { found, buildSeconds, median, peakMb: process.resourceUsage().maxRSS / 1024 };
}

function measureInProcess(name: string): Promise<Awaited<ReturnType<typeof measure>> | string> {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--contender', name], {
    silent: true,
  });
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  return new Promise((resolve) => {
    child.on('message', (result) => resolve(result as Awaited<ReturnType<typeof measure>>));
    child.on('exit', () => resolve(/Error: .*/.exec(errors)?.[0] ?? 'it ended without a result'));
  });
}

if (values.contender) {
  process.send!(await measure(CONTENDERS[values.contender]!));
  process.disconnect();
} else {
  console.log(`${ROWS} vectors of ${DIM}: ${Math.round((ROWS * DIM * 4) / 2 ** 20)} MB in float32`);
  let exact: number[][] | undefined;
  for (const name of Object.keys(CONTENDERS)) {
    const result = await measureInProcess(name);
    if (typeof result === 'string') {
      console.log(`${name}: left out (${result})`);
      continue;
    }
    const { found, buildSeconds, median, peakMb } = result;
    exact ??= found;
    const common = found.flatMap((ids, i) => ids.filter((id) => exact![i]!.includes(id))).length;
    const share = ((100 * common) / (TOP * QUERIES)).toFixed(0);
    console.log(
      `${name}: ${median.toFixed(1)} ms of processor time a query, same top ${TOP}: ${share} %, ` +
        `built in ${buildSeconds.toFixed(1)} s, peak ${Math.round(peakMb)} MB`,
    );
  }
}
