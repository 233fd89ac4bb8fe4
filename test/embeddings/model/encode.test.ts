import { describe, expect, it } from 'vitest';
import { planBatches } from '../../../src/embeddings/encoder/plan-batches.ts';
import {
  embedSentences,
  embedTokens,
  type ModelParts,
  tokenizeSentences,
} from '../../../src/embeddings/model/encode.ts';
import { Normalize } from '../../../src/embeddings/modules/normalize.ts';
import { Pooling } from '../../../src/embeddings/modules/pooling.ts';

/** A model of one token a letter, whose hidden state is [token id, position from 1]. */
function createParts(
  options: { includePrompt?: boolean; runs?: number[][]; fail?: boolean } = {},
): ModelParts {
  return {
    tokenizer: {
      maxSeqLength: 100,
      encode: (sentence) => Int32Array.from(sentence, (letter) => letter.charCodeAt(0)),
      tokens: () => [],
      promptLength: (prompt) => prompt.length,
    },
    encoder: {
      hiddenSize: 2,
      maxTokens: 512,
      dtype: 'fp32',
      planBatches: (lengths, mostSentences) => planBatches(lengths, 256, mostSentences),
      async run(sentences) {
        options.runs?.push(sentences.map((ids) => ids.length));
        if (options.fail) throw new Error('out of memory');
        return Float32Array.from(
          sentences.flatMap((ids) => [...ids].flatMap((id, position) => [id, position + 1])),
        );
      },
      dispose: async () => {},
    },
    pooling: new Pooling({
      tokenDimension: 2,
      modes: ['mean'],
      includePrompt: options.includePrompt ?? true,
    }),
    rest: [],
  };
}

async function embed(parts: ModelParts, sentences: string[], prompt = '', batchSize = 64): Promise<number[]> {
  const tokenized = await tokenizeSentences(parts.tokenizer, sentences, prompt);
  return [...(await embedSentences(parts, tokenized, batchSize, () => {}))];
}

const A = 'a'.charCodeAt(0);
const B = 'b'.charCodeAt(0);

describe('embedSentences()', () => {
  it('gives the sentences back in their order, whatever the batches', async () => {
    // Means of the positions of 1, 3 and 2 letters: 1, 2, 1.5.
    const expected = [A, 1, B, 2, A, 1.5];
    for (const batchSize of [1, 2, 64]) {
      expect(await embed(createParts(), ['a', 'bbb', 'aa'], '', batchSize)).toEqual(expected);
    }
  });

  it('runs the batches that the encoder plans, of at most batchSize sentences', async () => {
    const runs: number[][] = [];
    await embed(createParts({ runs }), ['aa', 'aaaa', 'a', 'aaa'], '', 3);
    expect(runs).toEqual([[4, 3, 2], [1]]);
  });

  it('puts the prompt before each sentence and leaves it out of the pooling where the model says so', async () => {
    expect(await embed(createParts(), ['b'], 'aa')).toEqual([(2 * A + B) / 3, 2].map(Math.fround));
    expect(await embed(createParts({ includePrompt: false }), ['b'], 'aa')).toEqual([B, 3]);
  });

  it('applies the modules after the pooling', async () => {
    const [x, y] = await embed({ ...createParts(), rest: [new Normalize(2)] }, ['a']);
    expect(Math.hypot(x!, y!)).toBeCloseTo(1, 6);
  });

  it('tells of every batch and lets the event loop breathe between them', async () => {
    const parts = createParts();
    const tokenized = await tokenizeSentences(parts.tokenizer, ['a', 'b', 'c'], '');
    const events: string[] = [];
    const tick = setInterval(() => events.push('tick'), 0);
    await embedSentences(parts, tokenized, 1, async (done, total) => {
      events.push(`${done}/${total}`);
      const until = performance.now() + 5;
      while (performance.now() < until);
    });
    clearInterval(tick);
    expect(events.filter((event) => event !== 'tick')).toEqual(['0/3', '1/3', '2/3', '3/3']);
    expect(events.slice(events.indexOf('1/3'), events.indexOf('3/3'))).toContain('tick');
  });

  it('fails with the error of the encoder, once', async () => {
    await expect(embed(createParts({ fail: true }), ['a', 'b'], '', 1)).rejects.toThrow('out of memory');
  });
});

describe('embedTokens()', () => {
  it('gives the rows of each sentence', async () => {
    const parts = createParts();
    const tokenized = await tokenizeSentences(parts.tokenizer, ['a', 'bb'], '');
    const rows = await embedTokens(parts, tokenized, 64, () => {});
    expect(rows.map((row) => [...row])).toEqual([
      [A, 1],
      [B, 1, B, 2],
    ]);
  });
});
