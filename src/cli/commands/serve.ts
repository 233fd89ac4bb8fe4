/** `tsbert serve`: gives embeddings to many clients from one process. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Command, parseFlags, type Terminal, UsageError } from '../support/command.ts';

const help = `
tsbert serve MODEL... [flags]

Serves models over HTTP: OpenAI's /v1/embeddings and /v1/models, the /embed, /rerank, /info and /health of
text-embeddings-inference, and /metrics for Prometheus. Texts of many clients are encoded together.

  --port N         Default: 8080. 0 takes any that is free
  --host ADDRESS   Default: 127.0.0.1, this machine only. 0.0.0.0 lets others in: use an API key then
  --api-key KEY    what clients must send; better in the variable TSBERT_API_KEY, which other users cannot see
  --reranker MODEL a cross-encoder for /rerank; may be repeated
  --dtype TYPE     precision of the weights: fp32, fp16 or q8. Default: fp32
  --stand-in       take the small bundled model where the real one is not to be had
  --max-body MB    longest request. Default: 8
  --max-queue N    texts that may wait; more are refused with 429. Default: 10000

Ctrl-C or SIGTERM: requests that are there are answered, then it ends.
`;

const BATCH_TEXTS = 512;

/** @see help */
export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseFlags(args, {
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      'api-key': { type: 'string' },
      reranker: { type: 'string', multiple: true, default: [] },
      dtype: { type: 'string' },
      'stand-in': { type: 'boolean', default: false },
      'max-body': { type: 'string', default: '8' },
      'max-queue': { type: 'string', default: '10000' },
    });
    if (positionals.length === 0) throw new UsageError('MODEL is missing.');
    const port = parseCount(values.port, '--port', 0);
    const bodyBytes = parseCount(values['max-body'], '--max-body', 1) * 2 ** 20;
    const queueTexts = parseCount(values['max-queue'], '--max-queue', 1);
    const { SentenceTransformer } = await import('../../embeddings/model/sentence-transformer.ts');
    const { CrossEncoder } = await import('../../embeddings/cross-encoder/cross-encoder.ts');
    const { serveReranker } = await import('../../serve/reranker.ts');
    const { serveModel } = await import('../../serve/served-model.ts');
    const { Metrics } = await import('../../serve/metrics.ts');
    const { startServer } = await import('../../serve/server.ts');
    const metrics = new Metrics();
    const batching = {
      batchTexts: BATCH_TEXTS,
      queueTexts,
      onBatch: (texts: number) => metrics.countBatch(texts),
    };
    const dtype = values.dtype === undefined ? {} : { dtype: values.dtype as 'fp32' };
    const loaded = [];
    for (const name of positionals) {
      const model = await SentenceTransformer.load(name, { standIn: values['stand-in'], ...dtype });
      loaded.push({ model, served: serveModel(model, name, batching) });
    }
    const rerankers = [];
    for (const name of values.reranker) {
      const model = await CrossEncoder.load(name, dtype);
      rerankers.push({ model, served: serveReranker(model, name, batching) });
    }
    const apiKey = values['api-key'] ?? terminal.env.TSBERT_API_KEY;
    const server = await startServer({
      models: loaded.map(({ served }) => served),
      rerankers: rerankers.map(({ served }) => served),
      metrics,
      host: values.host,
      port,
      apiKey: apiKey || undefined,
      version: await ownVersion(),
      bodyBytes,
      queueTexts,
      log: (line) => terminal.warn(line),
    });
    announce(
      server.url,
      [...loaded, ...rerankers].map(({ model }) => model.name),
      values.host,
      Boolean(apiKey),
      terminal,
    );
    if (!terminal.interrupted.aborted) await once(terminal.interrupted, 'abort');
    await server.stop();
    await Promise.all([...loaded, ...rerankers].map(({ model }) => model.dispose()));
    terminal.print('Ended; every request was answered.');
    return 0;
  },
};

function announce(
  url: string,
  models: readonly string[],
  host: string,
  hasKey: boolean,
  terminal: Terminal,
): void {
  terminal.print(`Serving ${models.join(', ')} at ${url}`);
  if (hasKey || ['127.0.0.1', '::1', 'localhost'].includes(host)) return;
  terminal.warn('Everybody who reaches this machine may use it: set TSBERT_API_KEY to ask for a key.');
}

function parseCount(text: string, flag: string, least: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && Number.isSafeInteger(count)) return count;
  throw new UsageError(`${flag} '${text}' is no whole number from ${least} on.`);
}

async function ownVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
