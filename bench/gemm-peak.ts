/** Measures how fast onnxruntime multiplies matrices here: what an encoder could reach at best. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { DataType, GraphBuilder } from '../src/embeddings/graph/onnx/graph.ts';

const ROWS = 256;
const SIZE = 1024;
const PRODUCTS = 8;
const FLOPS = 2 * ROWS * SIZE * SIZE * PRODUCTS;
const SECONDS = 2;

/** GFLOP/s of float32 products. */
export interface GemmPeak {
  /** One session whose threads share every product. */
  readonly oneSession: number;
  /** One session of one thread for each core, each in a process of its own, together. */
  readonly sessionPerCore: number;
}

/** Measures both ways, one after the other. */
export async function measureGemmPeak(): Promise<GemmPeak> {
  const cores = availableParallelism();
  const oneSession = await measureInProcess(cores);
  const each = await Promise.all(Array.from({ length: cores }, () => measureInProcess(1)));
  return { oneSession, sessionPerCore: each.reduce((sum, speed) => sum + speed, 0) };
}

function measureInProcess(threads: number): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), [String(threads)]);
  return new Promise((resolve, reject) => {
    child.on('message', (speed) => resolve(speed as number));
    child.on('exit', (code) => reject(new Error(`The measurement ended with code ${code}.`)));
  });
}

/** A chain of products with constant matrices, as an encoder's linear modules are. */
function productChain(): Uint8Array {
  const graph = new GraphBuilder();
  let x = graph.input('x', DataType.float, [ROWS, SIZE]);
  for (let i = 0; i < PRODUCTS; i++) {
    const weight = Float32Array.from({ length: SIZE * SIZE }, (_, j) => Math.sin(j + i) / SIZE);
    x = graph.node('MatMul', [x, graph.constant(weight, [SIZE, SIZE])]);
  }
  graph.output('y', x, DataType.float, [ROWS, SIZE]);
  return graph.toModel({ name: 'bench', version: '1' });
}

async function measure(threads: number): Promise<number> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(productChain(), { intraOpNumThreads: threads });
  const feeds = { x: new Tensor('float32', new Float32Array(ROWS * SIZE).fill(1), [ROWS, SIZE]) };
  await session.run(feeds);
  let best = 0;
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    for (let i = 0; i < 5; i++) await session.run(feeds);
    best = Math.max(best, (5 * FLOPS) / (performance.now() - start) / 1e6);
  }
  return best;
}

if (process.send) {
  process.send(await measure(Number(process.argv[2])));
  process.disconnect();
}
