/** Serves encode requests from bench/encode.ts: arguments are the contender and the model's folder. */
import readline from 'node:readline';
import { SAMPLE } from './encode-contender.ts';

/** Encodes sentences; gives the embeddings of the first ones. */
type Encode = (sentences: string[]) => Promise<number[][]>;

const [contender, folder] = process.argv.slice(2) as [string, string];

const CONTENDERS: Record<string, () => Promise<Encode>> = {
  'tsbert fp32': () => loadTsbert('fp32'),
  'tsbert q8': () => loadTsbert('q8'),
  'transformers.js': loadTransformersJs,
};

async function loadTsbert(dtype: 'fp32' | 'q8'): Promise<Encode> {
  const { SentenceTransformer } = await import('../src/embeddings/model/sentence-transformer.ts');
  const model = await SentenceTransformer.load(folder, { dtype });
  return async (sentences) => {
    const embeddings = await model.encode(sentences, { showProgressBar: false });
    const sample = (await embeddings.array()).slice(0, SAMPLE);
    embeddings.dispose();
    return sample;
  };
}

/** As its documentation shows it, in batches of 32: sentence-transformers' default. */
async function loadTransformersJs(): Promise<Encode> {
  const { env, pipeline } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  const extract = await pipeline('feature-extraction', folder, { dtype: 'fp32', device: 'cpu' });
  return async (sentences) => {
    let sample: number[][] | undefined;
    for (let start = 0; start < sentences.length; start += 32) {
      const output = await extract(sentences.slice(start, start + 32), { pooling: 'mean' });
      sample ??= output.tolist().slice(0, SAMPLE);
      output.dispose();
    }
    return sample!;
  };
}

const encode = await CONTENDERS[contender]!();
for await (const line of readline.createInterface({ input: process.stdin })) {
  const sentences: string[] = JSON.parse(line);
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const sample = await encode(sentences);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuStart);
  const cpuSeconds = (user + system) / 1e6;
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds, peakMegabytes, sample })}\n`);
}
process.exit(0);
