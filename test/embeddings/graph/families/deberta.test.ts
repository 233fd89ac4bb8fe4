import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily, without } from './check-family.ts';

describeFamily('deberta', [
  { name: 'pos_att_type with bars', config: (config) => ({ ...config, pos_att_type: 'c2p|p2c' }) },
]);
describeFamily('deberta-v2', [
  {
    name: 'the form of deberta-v3-base',
    config: (config) => ({
      ...without(config, 'legacy'),
      pos_att_type: 'p2c|c2p',
      max_relative_positions: -1,
    }),
    tensor: (name) => `deberta.${name}`,
  },
]);
describeFamily('deberta-v2-unshared');

it('deberta() refuses what the graph does not do', () => {
  const config = {
    hidden_size: 16,
    num_attention_heads: 4,
    num_hidden_layers: 1,
    intermediate_size: 24,
    vocab_size: 9,
  };
  const read = (more: object) => () => planEncoder({ model_type: 'deberta-v2', ...config, ...more });
  expect(read({ conv_kernel_size: 3 })).toThrow(/conv_kernel_size 3/);
  expect(read({ pos_att_type: ['p2p'] })).toThrow(/pos_att_type \["p2p"\]/);
  expect(read({ embedding_size: 8 })).toThrow(/embedding_size 8/);
  expect(read({ model_type: 'deberta', talking_head: true })).toThrow(/talking_head true/);
});
