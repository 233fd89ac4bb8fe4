import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily, without } from './check-family.ts';

const flat = (theta: number) => ({
  name: 'rope_theta outside rope_parameters',
  config: (config: Record<string, unknown>) => ({
    ...without(config, 'rope_parameters', 'layer_types'),
    rope_theta: theta,
    rope_scaling: null,
  }),
});
const causalLm = {
  name: 'a checkpoint with a head',
  config: (config: Record<string, unknown>) => config,
  tensor: (name: string) => `model.${name}`,
};

describeFamily('qwen2', [flat(10_000), causalLm]);
describeFamily('qwen3', [flat(10_000), causalLm]);
describeFamily('mistral', [flat(10_000)]);
describeFamily('eurobert', [flat(10_000), causalLm]);

const QWEN3 = {
  model_type: 'qwen3',
  hidden_size: 16,
  num_attention_heads: 4,
  num_hidden_layers: 2,
  intermediate_size: 24,
  max_position_embeddings: 64,
  vocab_size: 320,
};

it.each(['yarn', 'dynamic', 'llama3', 'longrope'])('qwen3() refuses rotation scaled by %s', (rope_type) => {
  const read = () => planEncoder({ ...QWEN3, rope_parameters: { rope_type, rope_theta: 1e6, factor: 4 } });
  expect(read).toThrow(new RegExp(`No graph can be written for rope_scaling .*${rope_type}`));
});

it('qwen3() refuses rotation of some columns only, and heads that keys cannot be shared by', () => {
  const rope_parameters = { rope_type: 'default', rope_theta: 1e6, partial_rotary_factor: 0.5 };
  expect(() => planEncoder({ ...QWEN3, rope_parameters })).toThrow(/partial_rotary_factor 0\.5/);
  expect(() => planEncoder({ ...QWEN3, num_key_value_heads: 3 })).toThrow(/num_key_value_heads 3/);
});
