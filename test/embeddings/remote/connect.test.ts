import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { Metrics } from '../../../src/serve/metrics.ts';
import { serveModel } from '../../../src/serve/served-model.ts';
import { type EmbeddingServer, startServer } from '../../../src/serve/server.ts';
import { expectClose, fixture } from '../reference.ts';

const MODEL = fixture('tiny-bert-nli-mean-tokens');
const sentences = Array.from({ length: 150 }, (_, i) => `Sentence ${i} is about ${i * i}.`);
const prompts = { query: 'query: ' };
const model = await SentenceTransformer.load(MODEL, {
  prompts,
  defaultPromptName: 'query',
  similarityFnName: 'dot',
});

let server: EmbeddingServer;
const others: Server[] = [];
beforeAll(async () => {
  server = await startServer({
    models: [serveModel(model, MODEL, { batchTexts: 64, queueTexts: 9999 })],
    rerankers: [],
    metrics: new Metrics(),
    host: '127.0.0.1',
    port: 0,
    apiKey: 'key',
    version: '0',
    bodyBytes: 1e6,
    queueTexts: 9999,
    log: () => {},
  });
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await server.stop();
  for (const other of others) other.close();
});

type Answers = Record<string, (body: Record<string, unknown>) => unknown>;

/** A server that answers as another program does; what it does not know is 404. */
async function answering(answers: Answers): Promise<string> {
  const other = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const answer = answers[`${request.method} ${request.url}`];
    response.statusCode = answer ? 200 : 404;
    response.end(JSON.stringify(answer ? answer(text ? JSON.parse(text) : {}) : { error: 'none' }));
  });
  others.push(other);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
}

describe("connect() to tsbert's server", () => {
  it('gives the class that load() gives: the same numbers, prompts, similarity', async () => {
    const remote = await SentenceTransformer.connect(server.url, { apiKey: 'key' });
    expect([
      remote.name,
      remote.embeddingDimension,
      remote.maxSeqLength,
      remote.prompts,
      remote.similarityFnName,
    ]).toEqual([path.basename(MODEL), model.embeddingDimension, model.maxSeqLength, model.prompts, 'dot']);
    for (const options of [
      {},
      { prompt: '' },
      { prompt: 'other: ' },
      { truncateDim: 5, normalizeEmbeddings: true },
    ]) {
      const expected = await model.encode(sentences, options);
      expectClose(await remote.encode(sentences, options), expected.arraySync());
    }
    expectClose(await remote.encode([]), []);
    expect(`${remote}`).toBe(`SentenceTransformer(${path.basename(MODEL)} at ${server.url})`);
    expect(() => remote.tokenize('a')).toThrow('which gives no tokens');
    await remote.dispose();
    await expect(remote.encode('a')).rejects.toThrow('was disposed');
  });

  it('refuses a wrong key and an unknown model', async () => {
    await expect(SentenceTransformer.connect(server.url)).rejects.toMatchObject({
      name: 'ServerAnswerError',
      status: 401,
    });
    await expect(SentenceTransformer.connect(server.url, { apiKey: 'key', model: 'x' })).rejects.toThrow(
      "has no model 'x'",
    );
  });
});

describe('TSBERT_SERVER', () => {
  it('is used for the model that the server has, and for no other', async () => {
    vi.stubEnv('TSBERT_SERVER', server.url);
    vi.stubEnv('TSBERT_API_KEY', 'key');
    expect(`${await SentenceTransformer.load(path.basename(MODEL))}`).toContain(`at ${server.url}`);
    const here = await SentenceTransformer.load(MODEL, { dtype: 'fp32' });
    const other = await SentenceTransformer.load(fixture('tiny-all-mpnet-base-v2'));
    expect(`${here}${other}`).not.toContain(server.url);
    await here.dispose();
    await other.dispose();
  });

  it('is told of where nothing answers, rather than loading each model here', async () => {
    vi.stubEnv('TSBERT_SERVER', 'http://127.0.0.1:9');
    await expect(SentenceTransformer.load(MODEL)).rejects.toThrow('No server answers at http://127.0.0.1:9');
  });
});

describe('connect() to other servers', () => {
  /** Rows that tell which text they belong to. */
  const rowOf = (text: string) => [text.length, text.charCodeAt(0), 1];

  it('speaks to text-embeddings-inference, no more texts at once than it takes', async () => {
    const sizes: number[] = [];
    const url = await answering({
      // In the form that TEI's documentation shows for GET /info.
      'GET /info': () => ({
        model_id: 'BAAI/bge-small-en-v1.5',
        model_sha: '5c38ec7c405ec4b44b94cc5a9bb96e735b38267a',
        model_dtype: 'float32',
        model_type: { embedding: { pooling: 'cls' } },
        max_concurrent_requests: 512,
        max_input_length: 512,
        max_batch_tokens: 16384,
        max_client_batch_size: 32,
        auto_truncate: true,
        version: '1.8.0',
      }),
      'POST /embed': ({ inputs, normalize }) => {
        expect(normalize).toBe(false);
        sizes.push((inputs as string[]).length);
        return (inputs as string[]).map(rowOf);
      },
    });
    const remote = await SentenceTransformer.connect(url);
    expect([remote.name, remote.maxSeqLength, remote.embeddingDimension]).toEqual([
      'BAAI/bge-small-en-v1.5',
      512,
      3,
    ]);
    expectClose(await remote.encode(sentences), sentences.map(rowOf));
    expect(sizes).toEqual([1, 32, 32, 32, 32, 22]);
  });

  it("speaks OpenAI's embeddings, in whatever order the answer is", async () => {
    const url = await answering({
      'GET /v1/models': () => ({ object: 'list', data: [{ id: 'nomic-embed-text:latest' }] }),
      'POST /v1/embeddings': ({ input, model: name }) => ({
        object: 'list',
        model: name,
        data: (input as string[])
          .map((text, index) => ({ object: 'embedding', index, embedding: rowOf(text) }))
          .reverse(),
        usage: { prompt_tokens: 1, total_tokens: 1 },
      }),
    });
    for (const address of [url, `${url}/v1/`]) {
      const remote = await SentenceTransformer.connect(address, { prompts: { query: 'q: ' } });
      expect(remote.name).toBe('nomic-embed-text:latest');
      expectClose(await remote.encodeQuery(['one', 'three']), ['q: one', 'q: three'].map(rowOf));
    }
  });

  it.each([
    ['a row too few', (texts: string[]) => texts.slice(1).map(rowOf)],
    ['a shorter row', (texts: string[]) => texts.map((text, i) => (i === 1 ? [1, 2] : rowOf(text)))],
    ['null for NaN', (texts: string[]) => texts.map((text, i) => (i === 1 ? [1, null, 2] : rowOf(text)))],
  ])('refuses an answer with %s', async (_, rows) => {
    const url = await answering({
      'GET /info': () => ({ model_id: 'm' }),
      'POST /embed': ({ inputs }) =>
        (inputs as string[]).length === 1 ? [[1, 2, 3]] : rows(inputs as string[]),
    });
    const remote = await SentenceTransformer.connect(url);
    await expect(remote.encode(['a', 'b', 'c'])).rejects.toMatchObject({ name: 'ServerAnswerError' });
  });

  it('refuses what is no server of embeddings, and what is no address', async () => {
    const url = await answering({ 'GET /': () => ({}) });
    await expect(SentenceTransformer.connect(url)).rejects.toMatchObject({
      name: 'ServerAnswerError',
      status: 404,
    });
    await expect(SentenceTransformer.connect('file:///a')).rejects.toThrow(
      "'file:///a' is no address of a server",
    );
  });

  it('tries again where a server is busy', async () => {
    let busy = 2;
    const other = createServer((_, response) => {
      response.statusCode = busy-- > 0 ? 429 : 200;
      response.end(JSON.stringify({ model_id: 'm' }));
    });
    others.push(other);
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(SentenceTransformer.connect(url)).rejects.toThrow('another form');
    expect(busy).toBeLessThan(0);
  });
});
