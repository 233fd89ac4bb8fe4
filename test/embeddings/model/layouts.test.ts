import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { createModelFolder, type ModelFolder } from '../model-folder.ts';
import { expectClose, fixture } from '../reference.ts';

const BERT = 'tiny-bert-nli-mean-tokens';

/** A model as sentence-transformers 6 saves it: several modes, prompts, Dense with residual, LayerNorm, Normalize. */
async function createNewLayout(): Promise<ModelFolder> {
  const folder = await createModelFolder('layouts/new');
  for (const file of ['config.json', 'model.safetensors', 'tokenizer.json'])
    await folder.copy(`${BERT}/${file}`, file);
  return folder;
}

/** A model as sentence-transformers 2 and 3 save it: a yes or no for each mode, settings beside the encoder. */
async function createOldLayout(): Promise<ModelFolder> {
  const folder = await createModelFolder('layouts/old');
  for (const file of ['config.json', 'model.safetensors'])
    await folder.copy(`${BERT}/${file}`, `0_Transformer/${file}`);
  const read = (file: string) => JSON.parse(readFileSync(fixture(`${BERT}/${file}`), 'utf8'));
  const tokenizer = read('tokenizer.json');
  tokenizer.normalizer.lowercase = false;
  await folder.write('0_Transformer/tokenizer.json', tokenizer);
  const settings = { ...read('tokenizer_config.json'), do_lower_case: false };
  await folder.write('0_Transformer/tokenizer_config.json', settings);
  return folder;
}

const readLayout = (name: string) =>
  JSON.parse(readFileSync(fixture(`layouts/${name}/reference.json`), 'utf8'));

describe('SentenceTransformer in the layout of version 6', () => {
  it('equals Python: default prompt left out of the pooling, all modules, truncateDim, similarity', async () => {
    const reference = readLayout('new');
    await using folder = await createNewLayout();
    const model = await SentenceTransformer.load(folder.path);
    const embeddings = await model.encode(reference.sentences);
    expect(embeddings.shape).toEqual([4, 8]);
    expect(model.embeddingDimension).toBe(8);
    expectClose(embeddings, reference.embeddings);
    expectClose(await model.encodeQuery(reference.sentences), reference.query);
    expectClose(await model.encodeDocument(reference.sentences), reference.document);
    expect(model.similarityFnName).toBe('euclidean');
    expectClose(model.similarity(embeddings, embeddings), reference.similarity, 1e-4);
    await model.dispose();
  });

  it('runs in 8 bits with all its modules', async () => {
    const reference = readLayout('new');
    await using folder = await createNewLayout();
    const model = await SentenceTransformer.load(folder.path, { dtype: 'q8' });
    expect(model.dtype).toBe('q8');
    expectClose(await model.encode(reference.sentences), reference.embeddings, 0.05);
    await model.dispose();
  });

  it('prints its modules in the words of version 3.1', async () => {
    await using folder = await createNewLayout();
    const model = await SentenceTransformer.load(folder.path);
    expect(model.toString()).toBe(
      [
        'SentenceTransformer(',
        "  (0): Transformer({'max_seq_length': 128, 'do_lower_case': False}) with Transformer model: BertModel ",
        "  (1): Pooling({'word_embedding_dimension': 32, 'pooling_mode_cls_token': False, " +
          "'pooling_mode_mean_tokens': True, 'pooling_mode_max_tokens': True, " +
          "'pooling_mode_mean_sqrt_len_tokens': False, 'pooling_mode_weightedmean_tokens': False, " +
          "'pooling_mode_lasttoken': False, 'include_prompt': False})",
        "  (2): Dense({'in_features': 64, 'out_features': 16, 'bias': True, " +
          "'activation_function': 'torch.nn.modules.activation.GELU'})",
        '  (3): LayerNorm(',
        '    (norm): LayerNorm((16,), eps=1e-05, elementwise_affine=True)',
        '  )',
        "  (4): Dense({'in_features': 16, 'out_features': 16, 'bias': False, " +
          "'activation_function': 'torch.nn.modules.activation.Sigmoid'})",
        "  (5): Dense({'in_features': 16, 'out_features': 12, 'bias': True, " +
          "'activation_function': 'torch.nn.modules.linear.Identity'})",
        '  (6): Normalize()',
        ')',
      ].join('\n'),
    );
    await model.dispose();
  });

  it('takes options before what the files say', async () => {
    const reference = readLayout('new');
    await using folder = await createNewLayout();
    const model = await SentenceTransformer.load(folder.path, {
      truncateDim: 3,
      similarityFnName: 'dot',
      prompts: { query: '' },
    });
    const embeddings = await model.encode(reference.sentences);
    expect(embeddings.shape).toEqual([4, 3]);
    expectClose(
      embeddings,
      reference.document.map((row: number[]) => row.slice(0, 3)),
    );
    expect(model.similarity([1, 2], [3, 4]).arraySync()).toEqual([[11]]);
    await model.dispose();
  });

  it('names the prompts there are when asked for another', async () => {
    await using folder = await createNewLayout();
    const model = await SentenceTransformer.load(folder.path);
    await expect(model.encode('a', { promptName: 'title' })).rejects.toThrow(
      /has no prompt named 'title'\. Choose one of query, document, passage\.$/,
    );
    await model.dispose();
    const load = SentenceTransformer.load(folder.path, { defaultPromptName: 'title' });
    await expect(load).rejects.toThrow(RangeError);
  });
});

describe('SentenceTransformer in the layout of versions 2 and 3', () => {
  it('equals Python: all modes in their fixed order, do_lower_case, settings in 0_Transformer', async () => {
    const reference = readLayout('old');
    await using folder = await createOldLayout();
    const model = await SentenceTransformer.load(folder.path);
    expect(model.maxSeqLength).toBe(20);
    expectClose(await model.encode(reference.sentences), reference.embeddings);
    await model.dispose();
  });
});

describe('SentenceTransformer without modules.json', () => {
  it('takes the mean of the tokens and says so, as Python does', async () => {
    await using folder = await createModelFolder(BERT);
    for (const file of ['modules.json', '1_Pooling', 'sentence_bert_config.json']) await folder.delete(file);
    const reference = JSON.parse(readFileSync(fixture(`${BERT}/reference.json`), 'utf8'));
    const notices: unknown[] = [];
    const symbol = Symbol.for('Jupyter.publish');
    Object.assign(globalThis, {
      [symbol]: (data: Record<string, string>) => notices.push(data['text/plain']),
    });
    try {
      const model = await SentenceTransformer.load(folder.path);
      expectClose(await model.encode(reference.five.sentences), reference.five.embeddings);
      expect(model.maxSeqLength).toBe(128);
      await model.dispose();
    } finally {
      delete (globalThis as Record<symbol, unknown>)[symbol];
    }
    expect(notices[0]).toBe(
      `${folder.path} has no modules.json: its embeddings are the mean of its token embeddings.`,
    );
  });
});
