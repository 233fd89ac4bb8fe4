/** The server against the clients that people use, unmodified. */
import { readFileSync } from 'node:fs';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { cosineSimilarity, embedMany } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CrossEncoder } from '../../src/embeddings/cross-encoder/cross-encoder.ts';
import { SentenceTransformer } from '../../src/embeddings/model/sentence-transformer.ts';
import { Batcher } from '../../src/serve/batcher.ts';
import { Metrics } from '../../src/serve/metrics.ts';
import { serveReranker } from '../../src/serve/reranker.ts';
import { serveModel } from '../../src/serve/served-model.ts';
import { type EmbeddingServer, startServer } from '../../src/serve/server.ts';
import { fixture } from '../embeddings/reference.ts';

const KEY = 'a-key';
const sentences = ['A dog barks.', 'A hound bays at the moon.', 'Share prices fell.'];
const model = await SentenceTransformer.load(fixture('tiny-bert-nli-mean-tokens'));
const mpnet = await SentenceTransformer.load(fixture('tiny-all-mpnet-base-v2'));
const ranker = await CrossEncoder.load(fixture('cross-encoders/bert'));
const metrics = new Metrics();
const logged: string[] = [];
const options = {
  batchTexts: 64,
  queueTexts: 1000,
  onBatch: (texts: number) => metrics.countBatch(texts),
};
const serve = (changes: object = {}) =>
  startServer({
    models: [serveModel(model, 'bert', options), serveModel(mpnet, 'mpnet', options)],
    rerankers: [serveReranker(ranker, 'reranker', options)],
    metrics,
    host: '127.0.0.1',
    port: 0,
    apiKey: KEY,
    version: '0',
    bodyBytes: 100_000,
    queueTexts: 1000,
    log: (line) => logged.push(line),
    ...changes,
  });

let server: EmbeddingServer;
let client: OpenAI;
beforeAll(async () => {
  server = await serve();
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: KEY, maxRetries: 0 });
});
afterAll(() => server.stop());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** A model that encodes nothing before it is let. */
function gated() {
  const sizes: number[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const encode = async (texts: readonly string[]) => {
    sizes.push(texts.length);
    await gate;
    const tensor = await model.encode(texts);
    return tensor.arraySync().map((row) => Float32Array.from(row));
  };
  const served = { ...serveModel(model, 'bert', options), batcher: new Batcher(encode, options) };
  return { served, sizes, open };
}

const embedAt = ({ url }: EmbeddingServer, inputs: string[]) =>
  fetch(`${url}/embed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ inputs }),
  });

async function expectRows(rows: readonly (readonly number[])[], by = model, normalize = true): Promise<void> {
  const tensor = await by.encode(sentences, { normalizeEmbeddings: normalize });
  const expected = tensor.arraySync();
  tensor.dispose();
  expect(rows.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  rows.forEach((row, i) => {
    row.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[i]![k]!, 5);
    });
  });
}

describe('the openai client', () => {
  it('gets whole embeddings, by base64 as it asks for by default, and as numbers', async () => {
    const answer = await client.embeddings.create({ model: 'tiny-bert-nli-mean-tokens', input: sentences });
    await expectRows(answer.data.map(({ embedding }) => embedding));
    const plain = await client.embeddings.create({
      model: 'bert',
      input: sentences,
      encoding_format: 'float',
    });
    await expectRows(plain.data.map(({ embedding }) => embedding));
    expect(answer.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    const tokens = sentences.reduce((sum, text) => sum + model.tokenize(text).length, 0);
    expect(answer.usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens });
  });

  it('chooses a model, takes fewer dimensions, and lists the models', async () => {
    const answer = await client.embeddings.create({ model: 'mpnet', input: sentences });
    await expectRows(
      answer.data.map(({ embedding }) => embedding),
      mpnet,
    );
    const short = await client.embeddings.create({ model: 'mpnet', input: 'one', dimensions: 4 });
    const [row] = short.data.map(({ embedding }) => embedding);
    expect(row).toHaveLength(4);
    expect(Math.hypot(...row!)).toBeCloseTo(1, 5);
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual([
      'tiny-bert-nli-mean-tokens',
      'tiny-all-mpnet-base-v2',
    ]);
  });

  it('recognises the errors', async () => {
    await expect(
      client.embeddings.create({ model: 'text-embedding-3-small', input: 'a' }),
    ).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    const stranger = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'other', maxRetries: 0 });
    await expect(stranger.embeddings.create({ model: 'bert', input: 'a' })).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
    await expect(client.embeddings.create({ model: 'bert', input: [1, 2, 3] })).rejects.toMatchObject({
      status: 400,
      param: 'input',
    });
    await expect(
      client.embeddings.create({ model: 'bert', input: 'a', dimensions: 9999 }),
    ).rejects.toMatchObject({
      status: 400,
      param: 'dimensions',
    });
  });
});

describe('the AI SDK', () => {
  it('embeds many', async () => {
    const provider = createOpenAICompatible({ name: 'tsbert', baseURL: `${server.url}/v1`, apiKey: KEY });
    const { embeddings } = await embedMany({ model: provider.textEmbeddingModel('bert'), values: sentences });
    await expectRows(embeddings);
    expect(cosineSimilarity(embeddings[0]!, embeddings[0]!)).toBeCloseTo(1, 5);
  });
});

describe("TEI's routes", () => {
  it('embed, normalised unless told otherwise', async () => {
    await expectRows(await (await post('/embed', { inputs: sentences })).json());
    await expectRows(
      await (await post('/embed', { inputs: sentences, normalize: false, truncate: true })).json(),
      model,
      false,
    );
  });

  it('tell what is served, and refuse in their form', async () => {
    const info = await (
      await fetch(`${server.url}/info`, { headers: { authorization: `Bearer ${KEY}` } })
    ).json();
    expect(info).toMatchObject({
      model_id: 'tiny-bert-nli-mean-tokens',
      max_input_length: model.maxSeqLength,
      auto_truncate: true,
    });
    expect(JSON.stringify(info)).not.toContain('fixtures');
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    const wrong = await post('/embed', { inputs: 5 });
    expect([wrong.status, await wrong.json()]).toEqual([
      422,
      { error: expect.any(String), error_type: 'Validation' },
    ]);
    expect((await post('/embed', { inputs: 'a', prompt_name: 'nobody' })).status).toBe(400);
  });
});

describe("TEI's /rerank", () => {
  const { pairs, scores } = JSON.parse(
    readFileSync(fixture('cross-encoders/bert/reference.json'), 'utf8'),
  ) as { pairs: [string, string][]; scores: number[] };

  // The fixture's activation is Identity: Python's scores are its logits.
  it.each(pairs.map((pair, i) => [i, pair] as const))(
    "scores pair %i as Python's",
    async (i, [query, text]) => {
      const raw = await (await post('/rerank', { query, texts: [text], raw_scores: true })).json();
      expect(raw).toEqual([{ index: 0, score: expect.closeTo(scores[i]!, 4) }]);
      const [{ score }] = await (await post('/rerank', { query, texts: [text], model: 'bert' })).json();
      expect(score).toBeCloseTo(1 / (1 + Math.exp(-scores[i]!)), 5);
    },
  );

  it('puts the best first, with its text where it is asked for', async () => {
    const query = pairs[0]![0];
    const texts = pairs.map(([, text]) => text);
    const hits = await ranker.rank(query, texts, { returnDocuments: true });
    const answer = await (
      await post('/rerank', { query, texts, raw_scores: true, return_text: true, truncate: true })
    ).json();
    expect(answer).toEqual(
      hits.map(({ corpusId, score, text }) => ({ index: corpusId, score: expect.closeTo(score, 4), text })),
    );
  });

  it('refuses what it cannot rank', async () => {
    expect((await post('/rerank', { query: 'a', texts: [] })).status).toBe(422);
    expect((await post('/rerank', { query: 'a', texts: ['b'], model: 'x' })).status).toBe(404);
    const without = await serve({ rerankers: [], apiKey: undefined });
    const answer = await fetch(`${without.url}/rerank`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"a","texts":["b"]}',
    });
    expect([answer.status, await answer.json()]).toEqual([
      424,
      { error: expect.stringContaining('--reranker'), error_type: 'Backend' },
    ]);
    await without.stop();
    const labels = await CrossEncoder.load(fixture('cross-encoders/bert-labels'));
    expect(() => serveReranker(labels, 'x', options)).toThrow('by which nothing can be ranked');
    await labels.dispose();
  });
});

describe('the server', () => {
  it.each([
    ['/v1/embeddings', '{', {}, 400],
    ['/v1/embeddings', '{}', { 'content-type': 'text/plain' }, 415],
    ['/v1/embeddings', JSON.stringify({ input: 'x'.repeat(200_000) }), {}, 413],
    ['/v1/nothing', '{}', {}, 404],
    ['/health', '{}', {}, 405],
    ['/embed', '{}', { authorization: 'Bearer no' }, 401],
  ])('refuses POST %s', async (path, body, headers, status) => {
    const response = await post(path, body, headers);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).not.toContain(process.cwd());
  });

  it('encodes the texts of many clients together, each its own', async () => {
    const { served, sizes, open } = gated();
    const other = await serve({ models: [served] });
    const texts = Array.from({ length: 40 }, (_, i) => `Text number ${i}`);
    const answers = texts.map((text) => embedAt(other, [text]));
    await vi.waitFor(() => expect(sizes.length + served.batcher.waiting).toBeGreaterThanOrEqual(40));
    open();
    const rows = await Promise.all(
      answers.map(async (answer) => ((await (await answer).json()) as number[][])[0]!),
    );
    expect(sizes.length).toBeLessThanOrEqual(3);
    const tensor = await model.encode(texts, { normalizeEmbeddings: true });
    const expected = tensor.arraySync();
    rows.forEach((row, i) => {
      row.forEach((value, k) => {
        expect(value).toBeCloseTo(expected[i]![k]!, 5);
      });
    });
    await other.stop();
  });

  it('counts for Prometheus', async () => {
    const text = await (
      await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })
    ).text();
    expect(text).toMatch(/tsbert_requests_total\{route="\/v1\/embeddings",status="200"\} [1-9]/);
    expect(text).toMatch(/tsbert_batch_texts_bucket\{le="\+Inf"\} [1-9]/);
    expect(text).toContain('tsbert_queue_texts 0');
  });

  it('answers what is there before it ends, and nothing after', async () => {
    const { served, sizes, open } = gated();
    const other = await serve({ models: [served] });
    const answer = embedAt(other, ['one', 'two']);
    await vi.waitFor(() => expect(sizes).toEqual([2]));
    const stopped = other.stop();
    await expect(fetch(`${other.url}/health`)).rejects.toThrow();
    open();
    expect((await (await answer).json()) as unknown[]).toHaveLength(2);
    await stopped;
  });

  it('refuses two models of one name', async () => {
    const twice = serveModel(model, 'bert', options);
    await expect(serve({ models: [twice, twice] })).rejects.toThrow("Two models are called 'tiny-bert");
  });

  it('says where a port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(serve({ port })).rejects.toThrow(`Cannot listen on port ${port} of 127.0.0.1: it is taken`);
  });

  it('tells its log, not its client, of a failure', async () => {
    const failing = await serve({
      models: [
        {
          ...serveModel(model, 'bert', options),
          batcher: { waiting: 0, encode: () => Promise.reject(new Error('secret/path broke')) },
        },
      ],
    });
    const response = await fetch(`${failing.url}/embed`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body: '{"inputs":"a"}',
    });
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('secret')]);
    expect(logged.join()).toContain('secret/path broke');
    await failing.stop();
  });
});
