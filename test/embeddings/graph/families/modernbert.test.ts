import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily, without } from './check-family.ts';

describeFamily('modernbert', [
  {
    name: 'the form before transformers 5',
    config: (config) => ({
      ...without(config, 'layer_types', 'rope_parameters'),
      global_attn_every_n_layers: 3,
      global_rope_theta: 160_000,
      local_rope_theta: 10_000,
    }),
  },
  { name: 'a checkpoint with a head', config: (config) => config, tensor: (name) => `model.${name}` },
]);

it('modernbert() refuses layers of a kind that it does not know', () => {
  const config = {
    model_type: 'modernbert',
    vocab_size: 9,
    num_hidden_layers: 2,
    layer_types: ['full_attention', 'chunked'],
  };
  expect(() => planEncoder(config)).toThrow(/layer_types \["full_attention","chunked"\] in config.json/);
});
