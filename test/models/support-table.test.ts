/** The README's table of models says what the tests prove, no more and no less. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SUPPORTED_MODEL_TYPES } from '../../src/embeddings/graph/families/families.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

/** A row of the table, and where Python's values for it lie. */
interface Row {
  readonly modelTypes: readonly string[];
  readonly family: string;
  readonly models: string;
  /** Folders of test/fixtures with a reference.json. */
  readonly proof: readonly string[];
}

const ROWS: readonly Row[] = [
  row(['bert'], 'BERT', 'MiniLM, bge, e5, gte-base, mxbai, arctic v1, LaBSE', ['families/bert']),
  row(['roberta', 'camembert'], 'RoBERTa, CamemBERT', 'all-distilroberta-v1, sentence-camembert', [
    'families/roberta',
    'families/camembert',
  ]),
  row(['xlm-roberta'], 'XLM-R', 'bge-m3, multilingual-e5', ['families/xlm-roberta']),
  row(['distilbert', 'electra', 'mpnet'], 'DistilBERT, ELECTRA, MPNet', 'multi-qa, all-mpnet-base-v2', [
    'families/distilbert',
    'families/electra',
    'families/mpnet',
  ]),
  row(['modernbert'], 'ModernBERT', 'gte-modernbert, granite-embedding r2, modernbert-embed', [
    'sentence-families/modernbert',
  ]),
  row(['nomic_bert'], 'NomicBERT', 'nomic-embed-text v1, v1.5', ['sentence-families/nomic_bert']),
  row(['gte', 'new'], 'GTE', 'gte-base-en-v1.5, gte-multilingual-base, arctic-embed-m-v2', [
    'sentence-families/gte',
  ]),
  row(['jina_embeddings_v3'], 'Jina v3', 'without adapters, as transformers 5 stores it', [
    'sentence-families/jina_embeddings_v3',
  ]),
  row(['eurobert'], 'EuroBERT', 'EuroBERT-210m', ['sentence-families/eurobert']),
  row(['qwen3', 'qwen2', 'mistral'], 'Qwen3, Qwen2, Mistral', 'Qwen3-Embedding, gte-Qwen2, e5-mistral', [
    'sentence-families/qwen3',
    'sentence-families/qwen2',
    'sentence-families/mistral',
  ]),
  row(['gemma3_text'], 'Gemma 3', 'EmbeddingGemma', ['sentence-families/gemma3_text']),
  row(['t5'], 'T5 encoder', 'sentence-t5, gtr-t5', ['sentence-families/t5', 'sentence-families/t5-gated']),
  row([], 'StaticEmbedding', 'model2vec’s potion, static-retrieval-mrl', ['sentence-families/static']),
  row(['albert'], 'ALBERT', 'paraphrase-albert', ['sentence-families/albert']),
  row(['deberta', 'deberta-v2'], 'DeBERTa v1, v2, v3', 'deberta-v3 fine-tunes', [
    'sentence-families/deberta',
    'sentence-families/deberta-v2',
    'sentence-families/deberta-v2-unshared',
  ]),
];

function row(modelTypes: readonly string[], family: string, models: string, proof: readonly string[]): Row {
  return { modelTypes, family, models, proof };
}

function formatTable(): string {
  const lines = ROWS.map(
    ({ modelTypes, family, models }) =>
      `| ${family} | ${modelTypes.map((type) => `\`${type}\``).join(', ') || '–'} | ${models} |`,
  );
  return ['| family | `model_type` | such as |', '|---|---|---|', ...lines].join('\n');
}

it('the table has a row for every supported model_type, and values of Python behind each', () => {
  expect(ROWS.flatMap(({ modelTypes }) => modelTypes).sort()).toEqual([...SUPPORTED_MODEL_TYPES].sort());
  for (const folder of ROWS.flatMap(({ proof }) => proof)) {
    expect(existsSync(path.join(ROOT, 'test/fixtures', folder, 'reference.json')), folder).toBe(true);
  }
});

it('README.md shows the table', () => {
  expect(readFileSync(path.join(ROOT, 'README.md'), 'utf8')).toContain(formatTable());
});
