import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tfjs } from '../../../src/embeddings/backend.ts';
import { communityDetection } from '../../../src/embeddings/compare/community-detection.ts';
import {
  paraphraseMining,
  paraphraseMiningEmbeddings,
} from '../../../src/embeddings/compare/paraphrase-mining.ts';
import { pca } from '../../../src/embeddings/compare/pca.ts';
import { type Precision, quantizeEmbeddings } from '../../../src/embeddings/compare/quantize-embeddings.ts';
import { semanticSearch } from '../../../src/embeddings/compare/semantic-search.ts';
import { dotScore } from '../../../src/embeddings/compare/similarity.ts';
import {
  normalizeEmbeddings,
  truncateEmbeddings,
} from '../../../src/embeddings/compare/transform-embeddings.ts';
import { expectClose, fixture, readReference, TINY_MODELS } from '../reference.ts';

/** What sentence-transformers' util makes of 40 embeddings in 5 clusters and of 3 queries. */
const python = JSON.parse(readFileSync(fixture('util.json'), 'utf8'));
const { corpus, queries } = python as { corpus: number[][]; queries: number[][] };

type PythonHit = { corpus_id: number; score: number };

describe('semanticSearch()', () => {
  const expectHits = (actual: ReturnType<typeof semanticSearch>, expected: PythonHit[][]) => {
    expect(actual.map((hits) => hits.map((hit) => hit.corpusId))).toEqual(
      expected.map((hits) => hits.map((hit) => hit.corpus_id)),
    );
    actual.flat().forEach((hit, i) => {
      expect(hit.score).toBeCloseTo(expected.flat()[i]!.score, 5);
    });
  };

  it('equals Python', () => {
    expectHits(semanticSearch(queries, corpus, { topK: 4 }), python.semantic_search);
  });

  it('equals Python in chunks, by another score', () => {
    const options = { topK: 6, queryChunkSize: 2, corpusChunkSize: 7, scoreFunction: dotScore };
    expectHits(semanticSearch(queries, corpus, options), python.semantic_search_dot_chunks);
  });

  it('takes one query, keeps the order of equal scores, and stops at the end of the corpus', () => {
    expect(
      semanticSearch(
        [1, 0],
        [
          [2, 0],
          [0, 1],
          [1, 0],
        ],
        { topK: 9 },
      ),
    ).toEqual([
      [
        { corpusId: 0, score: 1 },
        { corpusId: 2, score: 1 },
        { corpusId: 1, score: 0 },
      ],
    ]);
  });

  it('refuses a topK that is no count', () => {
    expect(() => semanticSearch([1], [[1]], { topK: 0 })).toThrow(
      new RangeError('topK is 0. Give a whole number above 0.'),
    );
  });

  it('leaves no tensors behind', () => {
    const before = tfjs().memory().numTensors;
    semanticSearch(queries, corpus, { corpusChunkSize: 7 });
    paraphraseMiningEmbeddings(corpus);
    communityDetection(corpus);
    expect(tfjs().memory().numTensors).toBe(before);
  });
});

describe('paraphraseMiningEmbeddings()', () => {
  const expectPairs = (actual: [number, number, number][], expected: [number, number, number][]) => {
    const byNumber = (a: number[], b: number[]) => a[1]! - b[1]! || a[2]! - b[2]!;
    expect(actual.map(([score]) => score)).toEqual(actual.map(([score]) => score).sort((a, b) => b - a));
    const pairs = (list: number[][]) => list.toSorted(byNumber).map(([, i, j]) => [i, j]);
    expect(pairs(actual)).toEqual(pairs(expected));
    expected.forEach(([score], i) => {
      expect(actual[i]![0]).toBeCloseTo(score, 5);
    });
  };

  it('equals Python', () => {
    expectPairs(paraphraseMiningEmbeddings(corpus, { topK: 3 }), python.paraphrase_mining);
  });

  it('equals Python in chunks with a limit of pairs', () => {
    const options = { topK: 2, maxPairs: 30, queryChunkSize: 9, corpusChunkSize: 11 };
    expectPairs(paraphraseMiningEmbeddings(corpus, options), python.paraphrase_mining_chunks);
  });

  it('is what paraphraseMining() gives for encoded sentences', async () => {
    const vectors: Record<string, number[]> = { dog: [1, 0], hound: [1, 0.1], car: [0, 1] };
    const encode = async (sentences: string | readonly string[]) =>
      tfjs().tensor2d([sentences].flat().map((sentence) => vectors[sentence as string]!));
    const pairs = await paraphraseMining({ encode }, ['dog', 'car', 'hound']);
    expect(pairs.map(([score, i, j]) => [Number(score.toFixed(4)), i, j])).toEqual([
      [0.995, 0, 2],
      [0.0995, 1, 2],
      [0, 0, 1],
    ]);
  });
});

describe('communityDetection()', () => {
  it('equals Python', () => {
    const options = { threshold: 0.8, minCommunitySize: 4 };
    expect(communityDetection(corpus, options)).toEqual(python.community_detection);
  });

  it('equals Python in batches with overlapping communities', () => {
    const options = { threshold: 0.5, minCommunitySize: 2, batchSize: 7 };
    expect(communityDetection(corpus, options)).toEqual(python.community_detection_loose);
  });
});

describe('pca()', () => {
  it('equals scikit-learn, signs too', () => {
    expectClose(pca(corpus), python.pca);
  });

  it('equals scikit-learn where there are more rows than dimensions', () => {
    const columns = queries[0]!.map((_, column) => queries.map((row) => row[column]!));
    expectClose(pca(columns, { dimensions: 3 }), python.pca_wide);
  });

  it('lays points of a line on a line', () => {
    const line = [
      [0, 0],
      [3, 4],
      [6, 8],
    ];
    expectClose(pca(line), [
      [-5, 0],
      [0, 0],
      [5, 0],
    ]);
  });

  it('gives zeros for a single point and for equal ones', () => {
    expectClose(pca([[1, 2, 3]]), [[0, 0]]);
    expectClose(
      pca([
        [1, 2],
        [1, 2],
      ]),
      [
        [0, 0],
        [0, 0],
      ],
    );
  });
});

describe('quantizeEmbeddings()', () => {
  it('equals Python', () => {
    const ranges = [new Array(10).fill(-1), new Array(10).fill(1)];
    expectClose(quantizeEmbeddings(queries, 'int8'), python.int8, 0);
    expectClose(
      quantizeEmbeddings(queries, 'int8', { calibrationEmbeddings: corpus }),
      python.int8_calibrated,
      0,
    );
    expectClose(quantizeEmbeddings(queries, 'uint8', { ranges }), python.uint8_ranges, 0);
    expectClose(quantizeEmbeddings(queries, 'binary'), python.binary, 0);
    expectClose(quantizeEmbeddings(queries, 'ubinary'), python.ubinary, 0);
  });

  it.each(TINY_MODELS)('equals Python on the embeddings of %s', (model) => {
    const reference = readReference(model);
    const precisions: Exclude<Precision, 'float32'>[] = ['int8', 'uint8', 'binary', 'ubinary'];
    for (const precision of precisions) {
      const quantized = quantizeEmbeddings(reference.five.embeddings, precision);
      expectClose(quantized, reference[`prec_${precision}`], 0);
    }
  });

  it('gives all zeros for one embedding, whose columns have no range', () => {
    expectClose(quantizeEmbeddings([0.5, -3], 'uint8'), [[0, 0]], 0);
  });

  it('refuses an unknown precision and ranges that do not fit', () => {
    expect(() => quantizeEmbeddings([1], 'int4' as Precision)).toThrow(
      new RangeError("There is no precision 'int4'. Choose one of float32, int8, uint8, binary, ubinary."),
    );
    expect(() => quantizeEmbeddings([1, 2], 'int8', { ranges: [[1], [2]] })).toThrow(/2 dimensions .* of 1/);
    expect(() => quantizeEmbeddings([1, 2], 'int8', { ranges: [1, 2] })).toThrow(/ranges have 1 rows/);
  });
});

describe('normalizeEmbeddings()', () => {
  it('equals Python and leaves zeros', () => {
    expectClose(normalizeEmbeddings([...queries, new Array(10).fill(0)]), python.normalize);
  });
});

describe('truncateEmbeddings()', () => {
  it('keeps the first columns, and all where there are fewer', () => {
    expectClose(truncateEmbeddings([[1, 2, 3]], 2), [[1, 2]]);
    expectClose(truncateEmbeddings([1, 2, 3], 5), [[1, 2, 3]]);
  });
});

describe('what is not finite', () => {
  const corpus = Array.from({ length: 9 }, (_, i) => [1, i, i === 7 ? Number.NaN : 1]);

  it('stops semanticSearch(), paraphraseMiningEmbeddings() and communityDetection(), which name the row', () => {
    const at = (rows: unknown) => expect.objectContaining({ name: 'ScoreRangeError', rows });
    expect(() => semanticSearch([1, 1, 1], corpus, { corpusChunkSize: 4 })).toThrow(at([0, 7]));
    expect(() => paraphraseMiningEmbeddings(corpus, { queryChunkSize: 2 })).toThrow(at([0, 7]));
    expect(() => communityDetection(corpus)).toThrow(at([0, 7]));
  });

  it('stops pca()', () => {
    expect(() => pca(corpus)).toThrow(
      new RangeError('Embedding 7 holds NaN. Give finite numbers, such as model.encode() returns.'),
    );
  });
});
