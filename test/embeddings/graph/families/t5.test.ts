import { expect, it } from 'vitest';
import { planEncoder } from '../../../../src/embeddings/graph/families/families.ts';
import { describeFamily } from './check-family.ts';

describeFamily('t5', [
  {
    name: 'the config of a whole T5',
    config: (config) => ({
      ...config,
      is_encoder_decoder: true,
      architectures: ['T5ForConditionalGeneration'],
    }),
  },
]);
describeFamily('t5-gated');

it.each(['gated-gelu-x', 'glued-gelu', 'laplace'])(
  't5() refuses feed_forward_proj %s',
  (feed_forward_proj) => {
    expect(() => planEncoder({ model_type: 't5', feed_forward_proj })).toThrow(/feed_forward_proj/);
  },
);
