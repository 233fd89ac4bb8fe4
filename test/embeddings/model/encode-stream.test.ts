import { describe, expect, it } from 'vitest';
import { tfjs } from '../../../src/embeddings/backend.ts';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { fixture } from '../reference.ts';

const model = await SentenceTransformer.load(fixture('tiny-bert-nli-mean-tokens'));
const sentences = Array.from({ length: 23 }, (_, i) => `Sentence ${i} is about the number ${i * i}.`);

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('encodeStream()', () => {
  it.each([
    ['a list', () => sentences],
    ['a Set', () => new Set(sentences)],
    ['a generator', () => sentences[Symbol.iterator]()],
    [
      'an async generator',
      async function* () {
        yield* sentences;
      },
    ],
  ])('gives what encode() gives, from %s', async (_, source) => {
    const batches = await all(model.encodeStream(source(), { batchSize: 10 }));
    expect(batches.map(({ ids }) => ids.length)).toEqual([10, 10, 3]);
    expect(batches.flatMap(({ ids }) => ids)).toEqual(sentences.map((_, i) => i));
    expect(batches.flatMap((batch) => batch.sentences)).toEqual(sentences);
    const expected = (await model.encode(sentences)).arraySync();
    batches
      .flatMap(({ embeddings }) => [...embeddings])
      .forEach((row, i) => {
        row.forEach((value, k) => {
          expect(value).toBeCloseTo(expected[i]![k]!, 5);
        });
      });
  });

  it('keeps names, reads no further than it must, and leaves no tensors', async () => {
    let read = 0;
    function* source() {
      for (;;) yield { id: `n${read++}`, text: 'She swims.' };
    }
    const before = tfjs().memory().numTensors;
    for await (const { ids } of model.encodeStream(source(), { batchSize: 4 })) {
      expect(ids).toEqual(['n0', 'n1', 'n2', 'n3']);
      break;
    }
    expect(read).toBe(4);
    expect(tfjs().memory().numTensors).toBe(before);
  });

  it('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const run = async () => {
      for await (const { ids } of model.encodeStream(sentences, { batchSize: 5, signal: stop.signal })) {
        seen.push(ids.length);
        if (seen.length === 2) stop.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(seen).toEqual([5, 5]);
  });

  it('refuses a text, a number, and items that are none', async () => {
    await expect(all(model.encodeStream('abc' as unknown as string[]))).rejects.toThrow('as a stream');
    await expect(all(model.encodeStream([1] as unknown as string[]))).rejects.toThrow('item 0 of the stream');
    await expect(all(model.encodeStream(sentences, { batchSize: 0 }))).rejects.toThrow('batchSize is 0');
  });
});
