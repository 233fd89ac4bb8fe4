import { describe, expect, it } from 'vitest';
import {
  InformationRetrievalEvaluator,
  type RetrievalOptions,
} from '../../../src/embeddings/evaluate/information-retrieval.ts';
import { expectMetrics, python, tableModel } from './table-model.ts';

const { queries, corpus, relevant } = python;

describe('InformationRetrievalEvaluator', () => {
  it("evaluate() equals Python by the model's similarity", async () => {
    const evaluator = new InformationRetrievalEvaluator(queries, corpus, relevant);
    expectMetrics(await evaluator.evaluate(tableModel), python.retrieval);
  });

  it('evaluate() equals Python by two similarities, with numbers of documents of its own', async () => {
    const options: RetrievalOptions = {
      similarityFnNames: ['cosine', 'dot'],
      mrrAtK: [3, 5],
      ndcgAtK: [2],
      accuracyAtK: [1],
      precisionRecallAtK: [4],
      mapAtK: [6],
      name: 'quora',
    };
    const evaluator = new InformationRetrievalEvaluator(queries, corpus, relevant, options);
    expectMetrics(await evaluator.evaluate(tableModel), python.retrieval_all);
  });

  it('evaluate() ranks equal scores by their ids, in whatever order they are given', async () => {
    const rank = async (ids: string[]) => {
      const texts = Object.fromEntries(ids.map((id) => [id, 's4']));
      const evaluator = new InformationRetrievalEvaluator({ q: 's0' }, texts, { q: ['b'] });
      return (await evaluator.evaluate(tableModel))['cosine_mrr@10'];
    };
    expect(await rank(['c', 'b', 'a'])).toBe(1 / 2);
    expect(await rank(['a', 'b', 'c'])).toBe(1 / 2);
  });

  it('constructor() refuses what gives no answer', () => {
    const make = (docs: Record<string, string>, found: Record<string, string[]>, options = {}) =>
      new InformationRetrievalEvaluator({ q: 's0' }, docs, found, options);
    expect(() => make({ d: 's1' }, { q: [] })).toThrow(/No question has a relevant document/);
    expect(() => make({}, { q: ['d'] })).toThrow(/corpus is empty/);
    expect(() => make({ d: 's1' }, { q: 'd' as unknown as string[] })).toThrow(/are one text/);
    expect(() => make({ d: 's1' }, { q: ['d'] }, { mapAtK: [0] })).toThrow(RangeError);
    expect(() => make({ d: 's1' }, { q: ['d'] }, { map_at_k: [1] })).toThrow(/Write mapAtK/);
  });
});
