import { describe, expect, it } from 'vitest';
import {
  ACTIVATIONS,
  readActivation,
  requireActivation,
  softmaxRows,
} from '../../../src/embeddings/cross-encoder/scores.ts';

describe('readActivation()', () => {
  const identity = 'torch.nn.modules.linear.Identity';

  it('reads today’s place, then the old one, then goes by the number of labels', () => {
    const today = { sentence_transformers: { activation_fn: identity } };
    expect(readActivation(today, 1, '')).toBe('Identity');
    expect(readActivation({ sbert_ce_default_activation_function: identity }, 1, '')).toBe('Identity');
    expect([readActivation({}, 1, ''), readActivation({}, 3, '')]).toEqual(['Sigmoid', 'Identity']);
  });

  it('takes the default in place of code of the model’s own, as Python does', () => {
    expect(readActivation({ sentence_transformers: { activation_fn: 'mine.Act' } }, 1, '')).toBe('Sigmoid');
  });
});

describe('ACTIVATIONS', () => {
  it('has sigmoid(0) = 1/2', () => {
    expect([ACTIVATIONS.Sigmoid(0), ACTIVATIONS.Identity(3), ACTIVATIONS.Tanh(0)]).toEqual([0.5, 3, 0]);
  });
});

describe('softmaxRows()', () => {
  it('makes each row sum to 1, also where its scores are large', () => {
    const scores = Float32Array.of(0, 0, 1000, 1000);
    softmaxRows(scores, 2);
    expect([...scores]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});

describe('requireActivation()', () => {
  it('lets those through that there are', () => {
    expect(requireActivation('Tanh')).toBe('Tanh');
    for (const wrong of ['tanh', undefined, 'toString']) {
      expect(() => requireActivation(wrong)).toThrow('Choose one of Identity, Sigmoid, Tanh');
    }
  });
});
