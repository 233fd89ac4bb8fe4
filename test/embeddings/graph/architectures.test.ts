import { describe, expect, it } from 'vitest';
import { firstPosition, maxTokens, readEncoderConfig } from '../../../src/embeddings/graph/architectures.ts';
import { UnsupportedModelError } from '../../../src/embeddings/weights/errors.ts';

const BERT = {
  model_type: 'bert',
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 48,
  vocab_size: 96,
  max_position_embeddings: 512,
};

describe('readEncoderConfig()', () => {
  it('reads sizes and fills in what transformers fills in', () => {
    expect(readEncoderConfig(BERT)).toMatchObject({
      hiddenSize: 32,
      embeddingSize: 32,
      heads: 4,
      tokenTypes: 2,
      epsilon: 1e-12,
      positionPadding: undefined,
    });
  });

  it('reads what distilbert calls otherwise', () => {
    const config = {
      model_type: 'distilbert',
      dim: 32,
      n_layers: 3,
      n_heads: 4,
      hidden_dim: 48,
      vocab_size: 96,
    };
    expect(readEncoderConfig(config)).toMatchObject({
      hiddenSize: 32,
      layers: 3,
      heads: 4,
      intermediateSize: 48,
    });
  });

  it('names an unknown model_type and the supported ones', () => {
    const read = () => readEncoderConfig({ ...BERT, model_type: 't5' });
    expect(read).toThrow(UnsupportedModelError);
    expect(read).toThrow(
      'No graph can be written for model_type "t5" in config.json; supported: bert, electra, distilbert, mpnet, ' +
        'roberta, xlm-roberta, camembert. Use a model of one of these kinds, or one that brings onnx/model.onnx.',
    );
  });

  it.each(['toString', undefined, null, 3])('is not taken in by the model_type %s', (model_type) => {
    expect(() => readEncoderConfig({ ...BERT, model_type })).toThrow(UnsupportedModelError);
  });

  it('refuses what the graph would compute wrongly', () => {
    expect(() => readEncoderConfig({ ...BERT, position_embedding_type: 'relative_key' })).toThrow(
      /relative_key/,
    );
    expect(() => readEncoderConfig({ ...BERT, is_decoder: true })).toThrow(/is_decoder true/);
    expect(() => readEncoderConfig({ ...BERT, hidden_act: 'laplace' })).toThrow(/hidden_act "laplace".*gelu/);
  });

  it('refuses sizes that cannot be', () => {
    expect(() => readEncoderConfig({ ...BERT, num_attention_heads: 5 })).toThrow(RangeError);
    expect(() => readEncoderConfig({ ...BERT, hidden_size: undefined })).toThrow(/hidden_size.*undefined/);
    expect(() => readEncoderConfig({ ...BERT, hidden_size: 1.5 })).toThrow(TypeError);
  });
});

describe('maxTokens()', () => {
  it('leaves out the positions before the first token', () => {
    const bert = readEncoderConfig(BERT);
    expect([firstPosition(bert), maxTokens(bert)]).toEqual([0, 512]);
    const roberta = { ...BERT, model_type: 'roberta', pad_token_id: 1, max_position_embeddings: 514 };
    expect([firstPosition(readEncoderConfig(roberta)), maxTokens(readEncoderConfig(roberta))]).toEqual([
      2, 512,
    ]);
  });
});
