import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily, without } from './check-family.ts';

describeFamily('gemma3_text', [
  {
    name: 'the form before transformers 5',
    config: (config) => ({
      ...without(config, 'rope_parameters'),
      rope_theta: 1_000_000,
      rope_local_base_freq: 10_000,
      rope_scaling: null,
    }),
  },
]);

it('gemma3() reads which layers are global from the pattern, and refuses capped scores', () => {
  const config = { model_type: 'gemma3_text', vocab_size: 9, num_hidden_layers: 12 };
  expect(planEncoder(config).layers.count).toBe(12);
  expect(() => planEncoder({ ...config, attn_logit_softcapping: 50 })).toThrow(/attn_logit_softcapping 50/);
});
