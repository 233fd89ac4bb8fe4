import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paraphraseMiningEmbeddings } from '../../../src/embeddings/compare/paraphrase-mining.ts';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { fixture } from '../reference.ts';

const { sentences } = JSON.parse(readFileSync(fixture('activity-expected.json'), 'utf8')) as {
  sentences: string[];
};

const standIns = [
  { asked: 'bert-base-nli-mean-tokens', own: 'tsbert/mini-bert-mean-tokens', className: 'BertModel' },
  { asked: 'all-mpnet-base-v2', own: 'tsbert/mini-mpnet', className: 'MPNetModel' },
];

let offline: string | undefined;
beforeAll(() => {
  offline = process.env.TSBERT_OFFLINE;
  process.env.TSBERT_OFFLINE = '1';
});
afterAll(() => {
  if (offline === undefined) delete process.env.TSBERT_OFFLINE;
  else process.env.TSBERT_OFFLINE = offline;
});

describe.each(standIns)('The stand-in for $asked', ({ asked, own, className }) => {
  it('carries its own name, says what it stands in for, and finds the pair about teeth', async () => {
    const model = await SentenceTransformer.load(asked, { standIn: true });
    expect(model.name).toBe(own);
    expect(model.standInFor).toBe(asked);
    const [first, second, third] = model.toString().split('\n');
    expect(first).toBe(`${own}, a small stand-in for ${asked}`);
    expect(second).toBe('SentenceTransformer(');
    expect(third).toMatch(new RegExp(`with Transformer model: ${className} $`));
    const embeddings = await model.encode(sentences);
    const [[, ...pair] = []] = paraphraseMiningEmbeddings(embeddings);
    expect(pair).toEqual([3, 4]);
    await model.dispose();
  });

  it('loads under its own name as what it is', async () => {
    const model = await SentenceTransformer.load(own);
    expect(model.standInFor).toBeUndefined();
    expect(model.toString()).toMatch(/^SentenceTransformer\(\n/);
    await model.dispose();
  });
});
