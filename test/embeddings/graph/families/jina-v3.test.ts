import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily, without } from './check-family.ts';

describeFamily('jina_embeddings_v3', [
  {
    name: 'rope_theta outside rope_parameters',
    config: (config) => ({ ...without(config, 'rope_parameters'), rope_theta: 20_000 }),
  },
]);

it('jinaV3() refuses adapters, and XLM-R refuses the rotation of the published files', () => {
  const config = {
    hidden_size: 16,
    num_attention_heads: 4,
    vocab_size: 320,
    num_hidden_layers: 3,
    intermediate_size: 24,
  };
  const adapted = { ...config, model_type: 'jina_embeddings_v3', lora_adaptations: ['retrieval.query'] };
  expect(() => planEncoder(adapted)).toThrow(/lora_adaptations \["retrieval.query"\]/);
  const published = { ...config, model_type: 'xlm-roberta', position_embedding_type: 'rotary' };
  expect(() => planEncoder(published)).toThrow(/position_embedding_type "rotary"/);
});
