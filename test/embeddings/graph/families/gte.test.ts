import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily, without } from './check-family.ts';

describeFamily('gte', [
  {
    name: 'the published form, model_type new',
    config: (config) => ({
      ...without(config, 'rope_parameters'),
      model_type: 'new',
      architectures: ['NewModel'],
      layer_norm_type: 'layer_norm',
      logn_attention_scale: false,
      pack_qkv: true,
      position_embedding_type: 'rope',
      rope_scaling: null,
      rope_theta: 160_000,
      unpad_inputs: false,
      use_memory_efficient_attention: false,
    }),
    tensor: (name) => `new.${name}`,
  },
]);

const NEW = {
  model_type: 'new',
  hidden_size: 16,
  num_attention_heads: 4,
  vocab_size: 300,
  rope_theta: 500_000,
};

it('gte() takes the scaling of the published files and refuses others', () => {
  expect(planEncoder({ ...NEW, rope_scaling: { type: 'ntk', factor: 2 } }).hiddenSize).toBe(16);
  const read = (rope_scaling: object) => () => planEncoder({ ...NEW, rope_scaling });
  expect(read({ type: 'ntk', factor: 2, mixed_b: 0.9 })).toThrow(/rope_scaling .*mixed_b/);
  expect(read({ type: 'yarn', factor: 4 })).toThrow(
    /No graph can be written for rope_scaling .*yarn.*supported/,
  );
});

it.each([
  ['pack_qkv', false],
  ['layer_norm_type', 'rms_norm'],
  ['position_embedding_type', 'absolute'],
  ['logn_attention_scale', true],
])('gte() refuses %s %s', (key, value) => {
  expect(() => planEncoder({ ...NEW, [key]: value })).toThrow(new RegExp(`for ${key}`));
});
