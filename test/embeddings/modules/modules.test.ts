import { describe, expect, it } from 'vitest';
import { DENSE_ACTIVATIONS, Dense } from '../../../src/embeddings/modules/dense.ts';
import { LayerNorm } from '../../../src/embeddings/modules/layer-norm.ts';
import { Normalize } from '../../../src/embeddings/modules/normalize.ts';

function apply(activation: string, x: number): number {
  const dense = new Dense({
    weight: Float32Array.of(1),
    bias: undefined,
    inFeatures: 1,
    outFeatures: 1,
    activation,
    activationPath: `torch.nn.modules.activation.${activation}`,
  });
  return dense.apply(Float32Array.of(x), 1)[0]!;
}

describe('Dense', () => {
  it('multiplies by the transposed weight, adds the bias, then the input', () => {
    const options = {
      weight: Float32Array.of(1, 2, 3, 4),
      bias: Float32Array.of(10, 20),
      inFeatures: 2,
      outFeatures: 2,
      activation: 'Identity',
      activationPath: 'torch.nn.modules.linear.Identity',
    };
    // [1·1 + 2·1, 3·1 + 4·1] + [10, 20]; then [1·0 + 2·2, 3·0 + 4·2] + [10, 20].
    const input = Float32Array.of(1, 1, 0, 2);
    expect([...new Dense(options).apply(input, 2)]).toEqual([13, 27, 14, 28]);
    expect([...new Dense({ ...options, residual: 'input' }).apply(input, 2)]).toEqual([14, 28, 14, 30]);
    const residual = Float32Array.of(1, 0, 0, 0);
    expect([...new Dense({ ...options, residual }).apply(input, 2)]).toEqual([14, 27, 14, 28]);
  });

  // torch.nn.<activation>()(torch.tensor([-3., -0.5, 0., 0.5, 3.])) of torch 2.13
  const inputs = [-3, -0.5, 0, 0.5, 3];
  const torch: Record<string, number[]> = {
    Identity: inputs,
    Tanh: [-0.99505478, -0.46211717, 0, 0.46211717, 0.99505478],
    ReLU: [0, 0, 0, 0.5, 3],
    Sigmoid: [0.04742587, 0.37754068, 0.5, 0.62245935, 0.95257413],
    SiLU: [-0.14227761, -0.18877034, 0, 0.31122967, 2.85772228],
    LeakyReLU: [-0.03, -0.005, 0, 0.5, 3],
    GELU: [-0.00404951, -0.15426877, 0, 0.34573123, 2.99595046],
  };
  it.each(DENSE_ACTIVATIONS)('applies %s as torch does', (activation) => {
    inputs.forEach((x, i) => {
      expect(apply(activation, x)).toBeCloseTo(torch[activation]![i]!, 6);
    });
  });
});

describe('LayerNorm', () => {
  it('gives each row mean 0 and variance 1, then scales and shifts', () => {
    const norm = new LayerNorm({ weight: Float32Array.of(1, 2), bias: Float32Array.of(0, 10) });
    const [a, b] = norm.apply(Float32Array.of(3, 5));
    expect(a).toBeCloseTo(-1, 4);
    expect(b).toBeCloseTo(12, 4);
  });
});

describe('Normalize', () => {
  it('gives each row length 1 and leaves zeros', () => {
    expect([...new Normalize(2).apply(Float32Array.of(3, 4, 0, 0))]).toEqual([
      ...Float32Array.of(0.6, 0.8, 0, 0),
    ]);
  });
});
