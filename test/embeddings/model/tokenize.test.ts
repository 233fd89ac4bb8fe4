import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readModelConfiguration } from '../../../src/embeddings/configuration.ts';
import { loadTokenizer } from '../../../src/embeddings/model/tokenize.ts';
import { truncate } from '../../../src/embeddings/model/truncate.ts';
import { createModelFolder } from '../model-folder.ts';
import { fixture, readReference, TINY_MODELS } from '../reference.ts';

async function tokenizerOf(folder: string) {
  return loadTokenizer((await readModelConfiguration(folder)).transformer);
}

describe.each(TINY_MODELS)('loadTokenizer() of %s', (name) => {
  const reference = readReference(name);

  it('gives the token ids of Python, over-long text too', async () => {
    const tokenizer = await tokenizerOf(fixture(name));
    expect(tokenizer.maxSeqLength).toBe(reference.max_seq_length);
    for (const { sentences, input_ids } of [reference.five, reference.edge]) {
      expect(sentences.map((sentence) => [...tokenizer.encode(sentence)])).toEqual(input_ids);
    }
  });

  it('names its tokens as the vocabulary of the model does', async () => {
    const tokenizer = await tokenizerOf(fixture(name));
    const json = JSON.parse(readFileSync(`${fixture(name)}/tokenizer.json`, 'utf8'));
    const ids = new Map<string, number>(Object.entries(json.model.vocab));
    for (const { id, content } of json.added_tokens) ids.set(content, id);
    for (const sentence of reference.five.sentences) {
      const tokens = tokenizer.tokens(sentence);
      expect(tokens.map(({ id }) => id)).toEqual([...tokenizer.encode(sentence)]);
      expect(tokens.map(({ text }) => ids.get(text))).toEqual(tokens.map(({ id }) => id));
      const special = tokens.flatMap((token, i) => (token.special ? [i] : []));
      expect(special).toEqual([0, tokens.length - 1]);
    }
    const [, unknown] = tokenizer.tokens('\u{1F9B7}');
    expect(unknown).toMatchObject({ unknown: true, special: false, text: '[UNK]' });
  });

  it('counts the tokens of a prompt without its closing token', async () => {
    const tokenizer = await tokenizerOf(fixture(name));
    expect(tokenizer.promptLength('the pool')).toBe(tokenizer.encode('the pool').length - 1);
  });
});

describe('loadTokenizer()', () => {
  it.each(['byte-level', 'byte-level-prefix-space', 'unigram'])(
    'gives the token ids of Python: %s',
    async (kind) => {
      const { texts, input_ids } = JSON.parse(
        readFileSync(fixture(`tokenizers/${kind}/reference.json`), 'utf8'),
      );
      await using folder = await createModelFolder(`tokenizers/${kind}`);
      await folder.write('config.json', { model_type: 'roberta', hidden_size: 32 });
      const tokenizer = await tokenizerOf(folder.path);
      expect(tokenizer.maxSeqLength).toBe(24);
      const ids = texts.map((text: string) => [...tokenizer.encode(text)]);
      expect(ids).toEqual(input_ids);
    },
  );

  it('turns capitals into small letters where sentence_bert_config.json asks for it', async () => {
    const reference = JSON.parse(readFileSync(fixture('layouts/old/reference.json'), 'utf8'));
    await using folder = await createModelFolder('tiny-bert-nli-mean-tokens');
    const json = JSON.parse(readFileSync(fixture('tiny-bert-nli-mean-tokens/tokenizer.json'), 'utf8'));
    json.normalizer.lowercase = false;
    await folder.write('tokenizer.json', json);
    await folder.write('sentence_bert_config.json', { max_seq_length: 20, do_lower_case: true });
    const tokenizer = await tokenizerOf(folder.path);
    // Python pads its batch with 0; the first and the longest sentence show the rest.
    const withoutPadding = (ids: number[]) => ids.filter((id) => id !== 0);
    expect(reference.sentences.map((sentence: string) => [...tokenizer.encode(sentence)])).toEqual(
      reference.input_ids.map(withoutPadding),
    );
  });

  it('passes over the truncation and padding that tokenizer.json may carry, as Python does', async () => {
    const { five } = readReference('tiny-bert-nli-mean-tokens');
    await using folder = await createModelFolder('tiny-bert-nli-mean-tokens');
    const json = JSON.parse(readFileSync(fixture('tiny-bert-nli-mean-tokens/tokenizer.json'), 'utf8'));
    json.truncation = { direction: 'Right', max_length: 5, strategy: 'LongestFirst', stride: 0 };
    json.padding = {
      strategy: { Fixed: 40 },
      direction: 'Right',
      pad_id: 0,
      pad_type_id: 0,
      pad_token: '[PAD]',
    };
    await folder.write('tokenizer.json', json);
    const tokenizer = await tokenizerOf(folder.path);
    expect(five.sentences.map((sentence) => [...tokenizer.encode(sentence)])).toEqual(five.input_ids);
  });

  it('names the file that is missing', async () => {
    await using folder = await createModelFolder('tiny-bert-nli-mean-tokens');
    await folder.delete('tokenizer.json');
    await expect(tokenizerOf(folder.path)).rejects.toThrow(
      `tokenizer.json is missing in ${folder.path}. Download the model again; if its repository has no such ` +
        'file, load it once in Python and save it with tokenizer.save_pretrained(folder).',
    );
  });
});

describe('truncate()', () => {
  const both = { before: 1, after: 1 };

  it('keeps the special tokens on both sides', () => {
    expect(truncate([101, 7, 8, 9, 102], 4, both, 'right')).toEqual([101, 7, 8, 102]);
    expect(truncate([101, 7, 8, 9, 102], 4, both, 'left')).toEqual([101, 8, 9, 102]);
    expect(truncate([7, 8, 9, 2], 2, { before: 0, after: 1 }, 'right')).toEqual([7, 2]);
  });

  it('leaves what fits', () => {
    expect(truncate([101, 7, 102], 3, both, 'right')).toEqual([101, 7, 102]);
  });
});
