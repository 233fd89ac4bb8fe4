import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { expectClose, fixture, readReference, TINY_MODELS } from '../reference.ts';

for (const name of TINY_MODELS) {
  for (const weights of ['onnx', 'safetensors'] as const) {
    describe(`SentenceTransformer of ${name} from ${weights}`, () => {
      const reference = readReference(name);
      let model: SentenceTransformer;
      beforeAll(async () => {
        model = await SentenceTransformer.load(fixture(name), { weights });
      });
      afterAll(() => model.dispose());

      it('encode() equals Python on plain sentences', async () => {
        expectClose(await model.encode(reference.five.sentences), reference.five.embeddings);
      });

      it('encode() equals Python on odd sentences, one by one, too', async () => {
        expectClose(await model.encode(reference.edge.sentences), reference.edge.embeddings);
        expectClose(
          await model.encode(reference.edge.sentences, { batchSize: 1 }),
          reference.edge.embeddings,
        );
      });

      it('encode() puts a prompt first', async () => {
        expectClose(await model.encode(reference.five.sentences, { prompt: 'query: ' }), reference.prompted);
      });

      it('encode() cuts dimensions before it normalizes', async () => {
        const options = { truncateDim: 16, normalizeEmbeddings: true };
        expectClose(await model.encode(reference.five.sentences, options), reference.trunc16_norm);
      });

      it('encodeTokens() equals Python', async () => {
        const tokens = await model.encodeTokens(reference.five.sentences);
        tokens.forEach((rows, i) => {
          expectClose(rows, reference.token_embeddings_five[i]!);
        });
      });

      it('similarity() equals Python', async () => {
        const embeddings = await model.encode(reference.five.sentences);
        expectClose(model.similarity(embeddings, embeddings), reference.five.similarity);
      });
    });
  }
}

describe('SentenceTransformer', () => {
  const reference = readReference('tiny-bert-nli-mean-tokens');
  let model: SentenceTransformer;
  const notices: string[] = [];
  const publish = Symbol.for('Jupyter.publish');
  beforeAll(async () => {
    model = await SentenceTransformer.load(fixture('tiny-bert-nli-mean-tokens'));
    Object.assign(globalThis, {
      [publish]: (data: Record<string, string>) => notices.push(data['text/plain']!),
    });
  });
  afterAll(() => {
    delete (globalThis as Record<symbol, unknown>)[publish];
    return model.dispose();
  });

  it('shows itself as in the activity', () => {
    const tree = [
      'SentenceTransformer(',
      "  (0): Transformer({'max_seq_length': 128, 'do_lower_case': False}) with Transformer model: BertModel ",
      "  (1): Pooling({'word_embedding_dimension': 32, 'pooling_mode_cls_token': False, " +
        "'pooling_mode_mean_tokens': True, 'pooling_mode_max_tokens': False, " +
        "'pooling_mode_mean_sqrt_len_tokens': False, 'pooling_mode_weightedmean_tokens': False, " +
        "'pooling_mode_lasttoken': False, 'include_prompt': True})",
      ')',
    ].join('\n');
    const display = Symbol.for('Jupyter.display');
    expect((model as unknown as Record<symbol, () => unknown>)[display]!()).toEqual({ 'text/plain': tree });
    expect(`${model}`).toBe(tree);
    expect(inspect(model)).toBe(tree);
  });

  it('encode() gives [1, dim] for one sentence and [n, dim] for a list', async () => {
    expect((await model.encode('a dog')).shape).toEqual([1, 32]);
    expect((await model.encode(['a dog', ''])).shape).toEqual([2, 32]);
  });

  it("encode() gives the tensor's numbers as lists when asked, and refuses other forms", async () => {
    const { sentences } = reference.five;
    const rows: number[][] = await model.encode(sentences, { as: 'array' });
    expect(rows).toEqual((await model.encode(sentences)).arraySync());
    expect(await model.encodeQuery('A dog barks.', { as: 'array' })).toHaveLength(1);
    expect(await model.encode([], { as: 'array' })).toEqual([]);
    await expect(model.encode(sentences, { as: 'list' as 'array' })).rejects.toThrow(
      /Choose one of tensor, array/,
    );
  });

  it('encode() quantizes, but for roundings as Python does', async () => {
    for (const precision of ['int8', 'uint8', 'binary', 'ubinary'] as const) {
      const embeddings = await model.encode(reference.five.sentences, { precision });
      expect(embeddings.dtype).toBe('int32');
      expectClose(embeddings, reference[`prec_${precision}`], precision.endsWith('int8') ? 1 : 0);
    }
  });

  it('encode() draws a bar when asked, and none for short work', async () => {
    notices.length = 0;
    await model.encode(reference.five.sentences);
    expect(notices).toEqual([]);
    await model.encode(reference.five.sentences, { showProgressBar: true, batchSize: 2 });
    expect(notices[0]).toBe('Batches:   0%|          | 0/3 [00:00<?, ?it/s]');
    expect(notices.at(-1)).toMatch(/^Batches: 100%\|██████████\| 3\/3 \[/);
  });

  it('similarityPairwise() compares row by row', async () => {
    const embeddings = await model.encode(reference.five.sentences);
    expectClose(model.similarityPairwise(embeddings, embeddings), [1, 1, 1, 1, 1]);
  });

  it('load() in 8 bits tells how far it is from 32', async () => {
    notices.length = 0;
    const small = await SentenceTransformer.load(fixture('tiny-bert-nli-mean-tokens'), { dtype: 'q8' });
    expect(notices.join()).toMatch(/runs with 8-bit weights: .* cosine of 0\.99\d\d or more/);
    expectClose(await small.encode(reference.five.sentences), reference.five.embeddings, 0.2);
    expect(small.dtype).toBe('q8');
    await small.dispose();
  });
});
