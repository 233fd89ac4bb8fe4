/** Heatmaps label themselves, and refuse sentences that do not fit the numbers. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { row, rowsFrom, zeros } from '../../src/activity/index.ts';
import {
  compareHeatmaps,
  cosSim,
  heatmap,
  normalizeEmbeddings,
  readyBackend,
  SentenceMismatchError,
  SentenceTransformer,
} from '../../src/index.ts';

const SENTENCES = ['he embraced his new life as an lawyer', 'she swore', 'the pool'];
const EDITED = [SENTENCES[0]!, 'my teeth ache', 'the pool'];
const host = globalThis as unknown as Record<symbol, unknown>;
const EXECUTION_COUNT = Symbol.for('Jupyter.executionCount');
let model: SentenceTransformer;
beforeAll(async () => {
  await readyBackend();
  model = await SentenceTransformer.load('tsbert/mini-mpnet');
});
afterEach(() => delete host[EXECUTION_COUNT]);

const failure = (work: () => unknown): SentenceMismatchError => {
  try {
    work();
  } catch (error) {
    return error as SentenceMismatchError;
  }
  throw new Error('It did not fail.');
};

describe('heatmap()', () => {
  it('labels itself', async () => {
    const embeddings = await model.encode(SENTENCES);
    const spec = (chart: { toSpec(): unknown }) => JSON.stringify(chart.toSpec());
    const labelled = spec(heatmap(cosSim(embeddings, embeddings), { sentences: SENTENCES }));
    expect(spec(heatmap(model.similarity(embeddings, embeddings)))).toBe(labelled);
    const unit = normalizeEmbeddings(embeddings);
    expect(spec(heatmap(cosSim(unit, embeddings)))).toContain('she swore');
  });

  it('refuses a sentence that is another now, and names it and the cells', async () => {
    host[EXECUTION_COUNT] = () => 5;
    const embeddings = await model.encode(SENTENCES);
    host[EXECUTION_COUNT] = () => 7;
    const sim = model.similarity(embeddings, embeddings);
    const error = failure(() => heatmap(sim, { sentences: EDITED }));
    expect(error).toBeInstanceOf(SentenceMismatchError);
    expect(error.message).toBe(
      "Sentence 2 was 'she swore' when the similarities were made, and is 'my teeth ache' now. Run cells 5 and 7 again.",
    );
    expect(error).toMatchObject({ index: 1, expected: 'she swore', actual: 'my teeth ache', cells: [5, 7] });
    expect(failure(() => heatmap(sim, { sentences: EDITED, firstNumber: 0 })).message).toContain(
      'Sentence 1 was',
    );
  });

  it('refuses a wrong count, and names what is new or gone', async () => {
    const embeddings = await model.encode(SENTENCES);
    const sim = cosSim(embeddings, embeddings);
    expect(failure(() => heatmap(sim, { sentences: [...SENTENCES, 'one more'] })).message).toBe(
      "Sentence 4, 'one more', was not there when the similarities were made. They were made of 3 sentences, and " +
        'there are 4. Encode the sentences again, and compare them.',
    );
    expect(failure(() => heatmap(sim, { sentences: SENTENCES.slice(0, 2) })).message).toMatch(
      /^Sentence 3 was .* and is gone/,
    );
  });

  it('refuses similarities of two lists', async () => {
    const one = await model.encode(SENTENCES);
    const other = await model.encode(EDITED);
    expect(failure(() => heatmap(cosSim(one, other))).message).toMatch(
      /compare two different lists: sentence 2/,
    );
  });

  it('knows the sentences of a matrix that a loop filled', async () => {
    const embeddings = await model.encode(SENTENCES);
    const sim = zeros(3);
    for (let i = 0; i < 3; i++) sim.setColumn(i, cosSim(row(embeddings, i), rowsFrom(embeddings, i)));
    heatmap(sim, { sentences: SENTENCES });
    expect(failure(() => heatmap(sim, { sentences: EDITED })).message).toContain(
      "Sentence 2 was 'she swore'",
    );
  });

  it('takes numbers of unknown origin as before', () => {
    const plain = [
      [1, 0],
      [0.5, 1],
    ];
    heatmap(plain, { sentences: ['a', 'b'] });
    expect(failure(() => heatmap(plain)).message).toContain('needs the sentences');
    expect(failure(() => heatmap(plain, { sentences: ['a'] })).message).toContain('2 × 2');
  });
});

describe('compareHeatmaps()', () => {
  it('labels itself, and refuses models that read different sentences', async () => {
    const one = await model.encode(SENTENCES);
    const other = await model.encode(EDITED);
    const a = { sim: cosSim(one, one), title: 'a' };
    const b = { sim: cosSim(other, other), title: 'b' };
    expect(JSON.stringify(compareHeatmaps([a, a]).toSpec())).toContain('she swore');
    expect(failure(() => compareHeatmaps([a, b])).message).toMatch(
      /^Sentence 2 was 'my teeth ache' when the similarities of b/,
    );
  });
});
