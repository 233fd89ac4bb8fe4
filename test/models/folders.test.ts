/** The bundled models' folders: complete, small, honest about what they are, with their figures measured. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const MODELS = path.join(import.meta.dirname, '..', '..', 'models');
const MEGABYTE = 1_000_000;
const FILES = [
  '1_Pooling/config.json',
  'README.md',
  'config.json',
  'config_sentence_transformers.json',
  'model.safetensors',
  'modules.json',
  'sentence_bert_config.json',
  'special_tokens_map.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.txt',
];

const MODELS_AND_FACTS = [
  { name: 'mini-bert-mean-tokens', type: 'BertModel', maxSeqLength: 128, modules: 2, spearman: 0.75 },
  { name: 'mini-mpnet', type: 'MPNetModel', maxSeqLength: 384, modules: 3, spearman: 0.85 },
];

const readJson = (...parts: string[]) => JSON.parse(readFileSync(path.join(MODELS, ...parts), 'utf8'));
const readCard = (name: string) => readFileSync(path.join(MODELS, name, 'README.md'), 'utf8');

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** The cells of the row of a card's table that begins with `name`, in the section headed `section`, as numbers. */
function readFigures(card: string, section: string, name: string): number[] {
  const row = card
    .split(`### ${section}`)[1]
    ?.split('\n')
    .find((line) => line.startsWith(`| ${name} |`));
  if (!row) throw new Error(`The card has no row '${name}' in its section '${section}'.`);
  return row.split('|').slice(2, -1).map(Number);
}

const ACTIVITY = "The activity's five sentences";
const HELD_OUT = 'Spearman correlation with the teacher';

describe.each(MODELS_AND_FACTS)('models/$name', ({ name, type, maxSeqLength, modules, spearman }) => {
  it('has the files of sentence-transformers and no others', () => {
    expect(listFiles(path.join(MODELS, name)).sort()).toEqual(FILES);
  });

  it('takes at most 12 MB', () => {
    const sizes = listFiles(path.join(MODELS, name)).map(
      (file) => statSync(path.join(MODELS, name, file)).size,
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(12 * MEGABYTE);
  });

  it('is the kind of model that it stands in for', () => {
    expect(readJson(name, 'config.json').architectures).toEqual([type]);
    expect(readJson(name, 'sentence_bert_config.json').max_seq_length).toBe(maxSeqLength);
    expect(readJson(name, 'modules.json')).toHaveLength(modules);
    expect(readJson(name, '1_Pooling', 'config.json').pooling_mode_mean_tokens).toBe(true);
  });

  it('says in its card that it is a stand-in, of what data, and under which licence', () => {
    const card = readCard(name);
    expect(card).toMatch(/^license: apache-2.0$/m);
    expect(card).toMatch(/\*\*It is not `sentence-transformers\//);
    for (const heading of ['Data', 'Recipe', 'Figures', 'Limits', 'Licence']) {
      expect(card).toContain(`\n## ${heading}\n`);
    }
  });

  it('ranks held-out pairs as its teacher does', () => {
    expect(readFigures(readCard(name), HELD_OUT, name)[0]).toBeGreaterThanOrEqual(spearman);
  });

  it("finds the activity's pair (3, 4) clearly closer than any other", () => {
    const [pair, , highest] = readFigures(readCard(name), ACTIVITY, name) as [number, number, number];
    expect(pair).toBeGreaterThan(highest + 0.05);
  });
});

describe('the two cards', () => {
  it('show a crisp MPNet and a BERT with a high background', () => {
    const card = readCard('mini-mpnet');
    const [pair, background] = readFigures(card, ACTIVITY, 'mini-mpnet') as [number, number];
    const [, bertBackground] = readFigures(card, ACTIVITY, 'mini-bert-mean-tokens') as [number, number];
    expect(pair).toBeGreaterThanOrEqual(0.4);
    expect(background).toBeLessThan(0.2);
    expect(bertBackground - background).toBeGreaterThanOrEqual(0.15);
  });

  it('show the same figures', () => {
    const figures = MODELS_AND_FACTS.map(
      ({ name }) => readCard(name).split('<!-- figures')[1]?.split('<!-- end')[0],
    );
    expect(figures[0]).toBe(figures[1]);
  });
});
