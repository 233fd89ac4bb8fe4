import { describe, expect, it } from 'vitest';
import { Batcher } from '../../src/serve/batcher.ts';

/** Encodes a text as its length; remembers the batches; waits until it is let go. */
function recording(options = { batchTexts: 4, queueTexts: 6 }) {
  const batches: string[][] = [];
  const gates: (() => void)[] = [];
  const batcher = new Batcher(async (texts) => {
    batches.push([...texts]);
    await new Promise<void>((resolve) => gates.push(resolve));
    if (texts.includes('bad')) throw new Error('cannot');
    return texts.map((text) => Float32Array.of(text.length));
  }, options);
  const step = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    gates.shift()?.();
  };
  return { batcher, batches, step };
}

describe('Batcher.encode()', () => {
  it('takes together what came while it was at work, in order, and what has one prompt', async () => {
    const { batcher, batches, step } = recording();
    const answers = [batcher.encode(['a']), batcher.encode(['bb', 'ccc'])];
    await step();
    answers.push(
      batcher.encode(['d'], { promptName: 'query' }),
      batcher.encode(['eeeee'], { promptName: 'query' }),
      batcher.encode(['f']),
    );
    for (let i = 0; i < 3; i++) await step();
    expect(batches).toEqual([['a', 'bb', 'ccc'], ['d', 'eeeee'], ['f']]);
    const rows = await Promise.all(answers);
    expect(rows.map((list) => list.map((row) => row[0]))).toEqual([[1], [2, 3], [1], [5], [1]]);
  });

  it('refuses what the queue does not hold, but not a large request alone', async () => {
    const { batcher, batches, step } = recording();
    const large = batcher.encode(Array.from({ length: 20 }, () => 'x'));
    await step();
    const waiting = batcher.encode(['1', '2', '3', '4', '5']);
    await expect(batcher.encode(['6', '7'])).rejects.toMatchObject({ name: 'QueueFullError', waiting: 5 });
    await step();
    expect((await large).length + (await waiting).length).toBe(25);
    expect(batches.map((batch) => batch.length)).toEqual([20, 5]);
  });

  it('leaves out who is gone, and goes on after a failure', async () => {
    const { batcher, batches, step } = recording({ batchTexts: 1, queueTexts: 9 });
    const bad = batcher.encode(['bad']);
    const gone = new AbortController();
    const left = batcher.encode(['gone'], undefined, gone.signal);
    const good = batcher.encode(['good']);
    gone.abort(new Error('gone'));
    const results = Promise.allSettled([bad, left, good]);
    for (let i = 0; i < 3; i++) await step();
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(batches).toEqual([['bad'], ['good']]);
  });
});
