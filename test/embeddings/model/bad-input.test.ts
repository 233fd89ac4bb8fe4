import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ModelFormatError,
  NaNEmbeddingError,
  UnsupportedModuleError,
} from '../../../src/embeddings/errors.ts';
import { requireSentences } from '../../../src/embeddings/model/encode-input.ts';
import type { LoadOptions } from '../../../src/embeddings/model/options.ts';
import { SentenceTransformer } from '../../../src/embeddings/model/sentence-transformer.ts';
import { readSafetensorsFile } from '../../../src/embeddings/weights/safetensors.ts';
import { createModelFolder } from '../model-folder.ts';
import { fixture } from '../reference.ts';

const BERT = 'tiny-bert-nli-mean-tokens';

describe('requireSentences()', () => {
  const message = (value: unknown) => {
    try {
      requireSentences(value);
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };

  it('makes a list of one sentence, an empty one too', () => {
    expect(requireSentences('')).toEqual(['']);
    expect(requireSentences(['a', ''])).toEqual(['a', '']);
  });

  it('takes whatever can be gone through, and nothing else', async () => {
    const generator = (function* () {
      yield 'a';
      yield 'b';
    })();
    expect(requireSentences(generator)).toEqual(['a', 'b']);
    expect(requireSentences(new Set(['a']))).toEqual(['a']);
    expect(requireSentences([])).toEqual([]);
    expect(message(new Map([['a', 1]]))).toMatch(/an object of the class Map/);
    const stream = (async function* () {})();
    expect(message(stream)).toMatch(/Take encodeStream\(\) for it/);
  });

  it('says what is wrong, where, and what to do', () => {
    expect(message(['a', 42])).toBe(
      'TypeError: Cannot encode sentence 1: it is the number 42. Give text, such as String(value).',
    );
    expect(message(['a', ['b', 'c']])).toBe(
      'TypeError: Cannot encode sentence 1: it is a list of 2. Give one flat list: sentences.flat().',
    );
    expect(message([undefined])).toMatch(/sentence 0: it is undefined/);
    expect(message(new Array(2))).toMatch(/sentence 0: it is undefined/);
    expect(message(Promise.resolve())).toMatch(/a Promise \(write 'await'/);
    expect(message({ text: 'a' })).toMatch(/an object of the class Object/);
    expect(message(null)).toMatch(/Cannot encode null\. Give a sentence or a list of sentences\./);
  });
});

describe('SentenceTransformer.encode() with wrong options', () => {
  let model: SentenceTransformer;
  beforeAll(async () => {
    model = await SentenceTransformer.load(fixture(BERT));
  });
  afterAll(() => model.dispose());

  it.each([
    [{ batchSize: 0 }, 'batchSize is 0. Give a whole number above 0.'],
    [{ truncateDim: 1.5 }, 'truncateDim is 1.5. Give a whole number above 0.'],
    [{ precision: 'int4' as 'int8' }, "There is no precision 'int4'"],
    [{ promptName: 'title' }, "has no prompt named 'title'. Choose one of query, document."],
    [{ promptName: 'toString' }, "has no prompt named 'toString'. Choose one of query, document."],
  ])('refuses %o', async (options, message) => {
    await expect(model.encode('a', options)).rejects.toThrow(message);
    await expect(model.encode('a', options)).rejects.toBeInstanceOf(RangeError);
  });

  it.each([
    [{ batch_size: 8 }, 'encode() has no option batch_size. Write batchSize.'],
    [
      { normalize_embeddings: true },
      'encode() has no option normalize_embeddings. Write normalizeEmbeddings.',
    ],
    [{ device: 'cuda' }, 'encode() has no option device. Leave it out: models run on the processor.'],
    [{ output_value: 'token_embeddings' }, 'Use encodeTokens() for the embeddings of tokens.'],
    [{ bathSize: 8 }, 'encode() has no option bathSize. It takes batchSize, '],
    [{ prompt: 5 }, "The prompt is of the type number. Give a text, such as 'query: '."],
    [8, 'encode() takes its options as an object'],
  ])('does not ignore %o', async (options, message) => {
    await expect(model.encode('a', options as object)).rejects.toThrow(message);
    await expect(model.encode('a', options as object)).rejects.toBeInstanceOf(TypeError);
  });

  it('reads no more than maxSeqLength says, and no more than there are positions', async () => {
    const text = 'a dog barks at the moon and the moon does not care';
    const other = await SentenceTransformer.load(fixture(BERT));
    const whole = (await other.encodeTokens(text))[0]!.shape[0];
    other.maxSeqLength = 5;
    expect([whole > 5, (await other.encodeTokens(text))[0]!.shape[0], other.maxSeqLength]).toEqual([
      true,
      5,
      5,
    ]);
    expect(() => {
      other.maxSeqLength = 0;
    }).toThrow('maxSeqLength is 0.');
    expect(() => {
      other.maxSeqLength = 100_000;
    }).toThrow(/maxSeqLength is 100000, and the model reads \d+ tokens at most/);
    await other.dispose();
  });

  it('gives no rows for no sentences', async () => {
    expect((await model.encode([])).shape).toEqual([0, model.embeddingDimension]);
    expect(await model.encodeTokens([])).toEqual([]);
  });

  it('refuses to work once disposed', async () => {
    const other = await SentenceTransformer.load(fixture(BERT));
    await other.dispose();
    await other.dispose();
    await expect(other.encode('a')).rejects.toThrow(/was disposed\. Load it again\./);
  });
});

describe('SentenceTransformer.load() with wrong options', () => {
  it.each([
    [{ dtype: 'fp8' }, /Unknown dtype "fp8"\. Choose one of/],
    [{ weights: 'torch' }, /There are no weights 'torch'\. Choose safetensors or onnx\./],
    [{ truncateDim: -1 }, /truncateDim is -1\./],
    [{ cache_folder: '/tmp' }, /SentenceTransformer\.load\(\) has no option cache_folder\. Write cacheDir\./],
    [{ device: 'mps' }, /has no option device\. Leave it out/],
    [{ similarityFnName: 'cos' }, /no similarity 'cos'\. Choose one of cosine, dot, euclidean, manhattan\./],
  ])('refuses %o', async (options, message) => {
    await expect(SentenceTransformer.load(fixture(BERT), options as LoadOptions)).rejects.toThrow(message);
  });
});

describe('SentenceTransformer.load() of a damaged folder', () => {
  const load = async (
    change: (folder: Awaited<ReturnType<typeof createModelFolder>>) => Promise<void>,
    base: string | undefined = BERT,
    options: LoadOptions = {},
  ) => {
    await using folder = await createModelFolder(base);
    await change(folder);
    try {
      await SentenceTransformer.load(folder.path, options);
    } catch (error) {
      return { error, message: (error as Error).message.replaceAll(folder.path, 'FOLDER') };
    }
    throw new Error('The model was loaded.');
  };

  it('says that an empty folder is not a model', async () => {
    await using folder = await createModelFolder();
    await expect(SentenceTransformer.load(folder.path)).rejects.toThrow(
      `${folder.path} is not a model: it has neither modules.json nor config.json. ` +
        "Give the folder that holds them, or a model's name such as 'all-mpnet-base-v2'.",
    );
  });

  it('names a missing file', async () => {
    const noConfig = await load((folder) => folder.delete('config.json'));
    expect(noConfig.error).toBeInstanceOf(ModelFormatError);
    expect(noConfig.message).toMatch(/FOLDER has no config.json, which names the encoder\./);
    const noPooling = await load((folder) => folder.delete('1_Pooling/config.json'));
    expect(noPooling.message).toMatch(
      /config.json is missing in FOLDER.1_Pooling\. Download the model again\./,
    );
    const noTokenizer = await load((folder) => folder.delete('tokenizer_config.json'));
    expect(noTokenizer.message).toMatch(/tokenizer_config.json is missing in FOLDER/);
  });

  it('names a file that is no JSON', async () => {
    const { error, message } = await load((folder) => folder.write('modules.json', '<html>'));
    expect(error).toBeInstanceOf(ModelFormatError);
    expect(message).toMatch(/^modules.json in FOLDER is not valid JSON \(.*\)\. Download the model again\.$/);
    const empty = await load((folder) => folder.write('modules.json', []));
    expect(empty.message).toMatch(/modules.json in FOLDER should list modules/);
    const list = await load((folder) => folder.write('config.json', [1]));
    expect(list.message).toMatch(/config.json in FOLDER should hold a JSON object/);
  });

  it('names a module that lies outside the model’s folder, and an entry that is none', async () => {
    const outside = await load((folder) =>
      folder.write('modules.json', [
        { name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
        { name: '1', path: '../1_Pooling', type: 'sentence_transformers.models.Pooling' },
      ]),
    );
    expect(outside.error).toBeInstanceOf(ModelFormatError);
    expect(outside.message).toMatch(/names a module outside the model's folder \('\.\.\/1_Pooling'\)/);
    const none = await load((folder) => folder.write('modules.json', [null]));
    expect(none.error).toBeInstanceOf(UnsupportedModuleError);
  });

  it('names a truncated weights file, safetensors or ONNX', async () => {
    const weights = await load((folder) => folder.write('model.safetensors', 'short'));
    expect(weights.message).toMatch(/model\.safetensors: .*Delete the file and download it again/);
    const onnx = await load((folder) => folder.write('onnx/model.onnx', 'short'), BERT, { weights: 'onnx' });
    expect(onnx.error).toBeInstanceOf(ModelFormatError);
    expect(onnx.message).toMatch(
      /onnx\/model.onnx in FOLDER cannot be loaded \(.*Download the model again\.$/s,
    );
    const missing = await load((folder) => folder.delete('onnx'), BERT, { weights: 'onnx' });
    expect(missing.message).toMatch(/FOLDER has no onnx\/model.onnx\. Load it from its model.safetensors\./);
  });

  it.each([
    [
      'sentence_transformers.models.CNN',
      /its module CNN is not supported\. Supported are Transformer, StaticEmbedding, Pooling/,
    ],
    ['custom_st.Transformer', /its module 1 is 'custom_st.Transformer', code of the model's own/],
    ['sentence_transformers.models.Normalize', /its modules are Transformer, Normalize, and only/],
  ])('names the module %s', async (type, expected) => {
    const { error, message } = await load((folder) =>
      folder.write('modules.json', [
        { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
        { idx: 1, name: '1', path: '1_Pooling', type },
      ]),
    );
    expect(error).toBeInstanceOf(UnsupportedModuleError);
    expect(message).toMatch(expected);
  });

  it('names a pooling mode, an activation and a similarity it does not have', async () => {
    const size = { word_embedding_dimension: 32 };
    const mode = await load((folder) =>
      folder.write('1_Pooling/config.json', { ...size, pooling_mode: 'median' }),
    );
    expect(mode.message).toMatch(/its pooling mode 'median' is not one of cls, max/);
    const old = await load((folder) =>
      folder.write('1_Pooling/config.json', { ...size, pooling_mode_median_tokens: true }),
    );
    expect(old.message).toMatch(/its pooling_mode_median_tokens is not supported/);
    const width = await load((folder) =>
      folder.write('1_Pooling/config.json', { word_embedding_dimension: 768 }),
    );
    expect(width.message).toMatch(/expects 768 columns, and the transformer gives 32/);
    const similarity = await load((folder) =>
      folder.write('config_sentence_transformers.json', { similarity_fn_name: 'maxsim' }),
    );
    expect(similarity.message).toMatch(/similarity_fn_name 'maxsim' is not one of cosine, dot/);
    const activation = await load(async (folder) => {
      for (const file of ['config.json', 'model.safetensors'])
        await folder.copy(`${BERT}/${file}`, `0_Transformer/${file}`);
      for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
        await folder.copy(`${BERT}/${file}`, `0_Transformer/${file}`);
      }
      await folder.write('2_Dense/config.json', {
        out_features: 6,
        activation_function: 'torch.nn.Hardtanh',
      });
    }, 'layouts/old');
    expect(activation.message).toMatch(/activation torch.nn.Hardtanh is not one of Identity, Tanh/);
  });

  it('does not wait for external weights that config.json announces and that are not there', async () => {
    await using folder = await createModelFolder(BERT);
    const config = JSON.parse(readFileSync(fixture(`${BERT}/config.json`), 'utf8'));
    config['transformers.js_config'] = { use_external_data_format: true };
    await folder.write('config.json', config);
    const model = await SentenceTransformer.load(folder.path, { weights: 'onnx' });
    expect((await model.encode('a')).shape).toEqual([1, 32]);
    await model.dispose();
  });

  it('names a weight that does not fit', async () => {
    const { message } = await load(async (folder) => {
      for (const file of ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']) {
        await folder.copy(`${BERT}/${file}`, `0_Transformer/${file}`);
      }
      await folder.write('2_Dense/config.json', { out_features: 7 });
    }, 'layouts/old');
    expect(message).toMatch(
      /linear.weight in FOLDER.2_Dense has the shape \[6, 192\], and the model needs \[7, 192\]/,
    );
  });
});

describe('SentenceTransformer.load() of weights that are not what they seem', () => {
  const file = (folder: { path: string }) => path.join(folder.path, 'model.safetensors');

  it('tells a pointer of Git LFS from weights', async () => {
    await using folder = await createModelFolder(BERT);
    await folder.write(
      'model.safetensors',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    );
    await expect(SentenceTransformer.load(folder.path)).rejects.toThrow(
      /model\.safetensors: it is a pointer of Git LFS and not the weights themselves\. Run git lfs pull/,
    );
  });

  it('leaves no layer out in silence', async () => {
    await using folder = await createModelFolder(BERT);
    const config = JSON.parse(readFileSync(path.join(folder.path, 'config.json'), 'utf8'));
    await folder.write('config.json', { ...config, num_hidden_layers: 1 });
    await expect(SentenceTransformer.load(folder.path)).rejects.toThrow(
      /it holds encoder\.layer\.1, and config\.json asks for 1 layers \(num_hidden_layers\)\. Check that/,
    );
  });

  it('gives no embedding that holds NaN', async () => {
    await using folder = await createModelFolder(BERT);
    const bytes = readFileSync(file(folder));
    const { tensors } = await readSafetensorsFile(file(folder));
    const { offset, length } = tensors.get('embeddings.LayerNorm.bias')!;
    // Numbers still, but their products are none any more.
    Buffer.from(new Float32Array(length / 4).fill(3e38).buffer).copy(bytes, offset);
    await writeFile(file(folder), bytes);
    const model = await SentenceTransformer.load(folder.path);
    await expect(model.encode(['a', 'b'])).rejects.toThrow(
      /The embedding of sentence \d holds NaN: .*Download the model again/,
    );
    await expect(model.encodeTokens('a')).rejects.toThrow(NaNEmbeddingError);
    await model.dispose();
  });

  it.each([{ model: { type: 'Magic' } }, { model: null }, {}])(
    'names tokenizer.json where it is %o',
    async (json) => {
      await using folder = await createModelFolder(BERT);
      await folder.write('tokenizer.json', json);
      const loading = SentenceTransformer.load(folder.path);
      await expect(loading).rejects.toThrow(
        /The tokenizer in .* cannot be made of tokenizer\.json \(.*Download/s,
      );
      await expect(loading).rejects.toBeInstanceOf(ModelFormatError);
    },
  );

  it('names an id beyond the table', async () => {
    await using folder = await createModelFolder('sentence-families/modernbert');
    const tokenizer = JSON.parse(readFileSync(path.join(folder.path, 'tokenizer.json'), 'utf8'));
    tokenizer.model.vocab.a = 5000;
    await folder.write('tokenizer.json', tokenizer);
    const model = await SentenceTransformer.load(folder.path);
    await expect(model.encode('a')).rejects.toThrow(
      /id 5000, and config\.json says the model knows 320 \(vocab_size\)/,
    );
    await model.dispose();
  });

  it('is loaded, not constructed', () => {
    const Constructor = SentenceTransformer as unknown as new (name?: string) => SentenceTransformer;
    expect(() => new Constructor()).toThrow(/loaded, not constructed: await SentenceTransformer\.load/);
    expect(() => new Constructor('all-mpnet-base-v2')).toThrow(TypeError);
  });
});
