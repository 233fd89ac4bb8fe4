/** Which files of a repository are fetched. */
import { describe, expect, it } from 'vitest';
import { planFiles } from '../../../src/embeddings/hub/repository-files.ts';

const modules = (...entries: [path: string, type: string][]) =>
  JSON.stringify(entries.map(([path, type], idx) => ({ idx, name: `${idx}`, path, type })));
const bert = modules(
  ['', 'sentence_transformers.models.Transformer'],
  ['1_Pooling', 'sentence_transformers.models.Pooling'],
);

describe('planFiles()', () => {
  it('takes what sentence-transformers asks for, in its order, and leaves the rest on the hub', () => {
    const listing = [
      '.gitattributes',
      '1_Pooling/config.json',
      'README.md',
      'config.json',
      'config_sentence_transformers.json',
      'model.safetensors',
      'modules.json',
      'onnx/model.onnx',
      'openvino/openvino_model.bin',
      'pytorch_model.bin',
      'sentence_bert_config.json',
      'special_tokens_map.json',
      'tf_model.h5',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.txt',
    ];
    expect(planFiles(listing, bert)).toEqual({
      files: [
        'modules.json',
        'config_sentence_transformers.json',
        'sentence_bert_config.json',
        'config.json',
        'tokenizer_config.json',
        'vocab.txt',
        'tokenizer.json',
        'special_tokens_map.json',
        'model.safetensors',
        '1_Pooling/config.json',
      ],
      missing: [],
    });
  });

  it('takes ONNX only where there is no safetensors', () => {
    const listing = [
      'config.json',
      'tokenizer.json',
      'onnx/model.onnx',
      'onnx/model.onnx_data',
      'onnx/model_O2.onnx',
    ];
    expect(planFiles(listing, undefined).files.slice(-2)).toEqual([
      'onnx/model.onnx',
      'onnx/model.onnx_data',
    ]);
  });

  it('takes every shard and names the missing one', () => {
    const listing = ['config.json', 'tokenizer.json', 'model.safetensors.index.json'];
    const shards = ['model-00001-of-00003.safetensors', 'model-00003-of-00003.safetensors'];
    const plan = planFiles([...listing, ...shards], undefined);
    expect(plan.files.slice(-3)).toEqual(['model.safetensors.index.json', ...shards]);
    expect(plan.missing).toEqual(['model-00002-of-00003.safetensors']);
  });

  it('takes the weights of later modules, and a transformer from its own folder', () => {
    const json = modules(
      ['0_Transformer', 'sentence_transformers.models.Transformer'],
      ['1_Pooling', 'sentence_transformers.models.Pooling'],
      ['2_Dense', 'sentence_transformers.models.Dense'],
      ['3_Normalize', 'sentence_transformers.models.Normalize'],
    );
    const listing = [
      '0_Transformer/config.json',
      '0_Transformer/tokenizer.json',
      '0_Transformer/model.safetensors',
      '1_Pooling/config.json',
      '2_Dense/config.json',
      '2_Dense/model.safetensors',
      '2_Dense/pytorch_model.bin',
    ];
    const { files, missing } = planFiles(listing, json);
    expect(files).toEqual(listing.slice(0, 6));
    expect(missing).toEqual([]);
  });

  it('names what a model cannot do without', () => {
    expect(planFiles(['modules.json', 'pytorch_model.bin'], bert).missing).toEqual([
      'config.json',
      'tokenizer.json',
      'model.safetensors',
      '1_Pooling/config.json',
    ]);
  });
});
