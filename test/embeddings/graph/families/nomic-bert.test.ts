import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily } from './check-family.ts';

/** The settings of nomic-ai/nomic-embed-text-v1.5. */
const PUBLISHED = {
  activation_function: 'swiglu',
  causal: false,
  layer_norm_epsilon: 1e-12,
  mlp_fc1_bias: false,
  mlp_fc2_bias: false,
  model_type: 'nomic_bert',
  n_embd: 16,
  n_head: 4,
  n_inner: 24,
  n_layer: 3,
  n_positions: 2048,
  parallel_block: false,
  prenorm: false,
  qkv_proj_bias: false,
  rotary_emb_base: 1000,
  rotary_emb_fraction: 1,
  rotary_emb_interleaved: false,
  rotary_emb_scale_base: null,
  rotary_scaling_factor: null,
  type_vocab_size: 2,
  use_rms_norm: false,
};

describeFamily('nomic_bert', [
  { name: 'GPT’s names of settings', config: ({ vocab_size }) => ({ ...PUBLISHED, vocab_size }) },
  { name: 'a checkpoint with a prefix', config: (config) => config, tensor: (name) => `bert.${name}` },
]);

it.each([
  ['rotary_emb_fraction', 0.5],
  ['rotary_emb_interleaved', true],
  ['prenorm', true],
  ['activation_function', 'gelu'],
  ['rotary_scaling_factor', 2],
  ['num_experts', 8],
])('nomicBert() refuses %s %s', (key, value) => {
  const read = () => planEncoder({ ...PUBLISHED, vocab_size: 300, [key]: value });
  expect(read).toThrow(new RegExp(`No graph can be written for ${key}`));
});
