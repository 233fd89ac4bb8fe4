import { describe, expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { UnsupportedModelError } from '../../../../src/embeddings/weights/errors.ts';

const BERT = {
  model_type: 'bert',
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 48,
  vocab_size: 96,
  max_position_embeddings: 512,
};

describe('planEncoder()', () => {
  it('reads sizes and fills in what transformers fills in', () => {
    expect(planEncoder(BERT)).toMatchObject({
      hiddenSize: 32,
      heads: 4,
      vocabularySize: 96,
      maxTokens: 512,
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
    expect(planEncoder(config)).toMatchObject({
      hiddenSize: 32,
      heads: 4,
      layers: { count: 3 },
    });
  });

  it('names an unknown model_type and the supported ones', () => {
    const read = () => planEncoder({ ...BERT, model_type: 'gpt2' });
    expect(read).toThrow(UnsupportedModelError);
    expect(read).toThrow(
      /No graph can be written for model_type "gpt2" in config.json; supported: bert, .*\. Use a model of one/,
    );
  });

  it.each(['toString', undefined, null, 3])('is not taken in by the model_type %s', (model_type) => {
    expect(() => planEncoder({ ...BERT, model_type })).toThrow(UnsupportedModelError);
  });

  it('refuses what the graph would compute wrongly', () => {
    expect(() => planEncoder({ ...BERT, position_embedding_type: 'relative_key' })).toThrow(/relative_key/);
    expect(() => planEncoder({ ...BERT, is_decoder: true })).toThrow(/is_decoder true/);
    expect(() => planEncoder({ ...BERT, hidden_act: 'laplace' })).toThrow(/hidden_act "laplace".*gelu/);
  });

  it('refuses sizes that cannot be', () => {
    expect(() => planEncoder({ ...BERT, num_attention_heads: 5 })).toThrow(RangeError);
    expect(() => planEncoder({ ...BERT, hidden_size: undefined })).toThrow(/hidden_size.*undefined/);
    expect(() => planEncoder({ ...BERT, hidden_size: 1.5 })).toThrow(TypeError);
  });

  it('leaves out the positions before the first token', () => {
    const roberta = { ...BERT, model_type: 'roberta', pad_token_id: 1, max_position_embeddings: 514 };
    expect(planEncoder(roberta)).toMatchObject({ positionPadding: 1, maxTokens: 512 });
  });
});
