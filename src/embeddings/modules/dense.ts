/** A linear layer with an activation on sentence embeddings. */
import { type EmbeddingModule, formatPythonDict } from './embedding-module.ts';

/** The activations a Dense module may name, by the class's last name. */
const ACTIVATIONS: Readonly<Record<string, (x: number) => number>> = {
  Identity: (x) => x,
  Tanh: Math.tanh,
  ReLU: (x) => Math.max(0, x),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  SiLU: (x) => x / (1 + Math.exp(-x)),
  LeakyReLU: (x) => (x >= 0 ? x : 0.01 * x),
  GELU: gelu,
};

/** The names of the activations that Dense knows. */
export const DENSE_ACTIVATIONS: readonly string[] = Object.keys(ACTIVATIONS);

/** x · Φ(x), exact as torch computes it by default. */
function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** The error function by its Taylor series near zero and by its continued fraction beyond; about 1e-12. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / ((a + fraction) * Math.sqrt(Math.PI)));
}

/** What a Dense module is made of. */
export interface DenseOptions {
  /** [outFeatures, inFeatures], row-major, as torch.nn.Linear stores it. */
  weight: Float32Array;
  /** [outFeatures] */
  bias: Float32Array | undefined;
  inFeatures: number;
  outFeatures: number;
  /** One of DENSE_ACTIVATIONS. */
  activation: string;
  /** The Python class, for the module tree. */
  activationPath: string;
  /** Adds the input to the output: itself, or its product with this matrix [outFeatures, inFeatures]. */
  residual?: 'input' | Float32Array | undefined;
}

/** The Dense module: activation(x · Wᵀ + b), plus the input where the model says so. */
export class Dense implements EmbeddingModule {
  readonly dimension: number;
  readonly #options: DenseOptions;

  constructor(options: DenseOptions) {
    this.dimension = options.outFeatures;
    this.#options = options;
  }

  apply(embeddings: Float32Array, count: number): Float32Array {
    const { weight, bias, inFeatures, outFeatures, activation, residual } = this.#options;
    const activate = ACTIVATIONS[activation]!;
    const output = new Float32Array(count * outFeatures);
    for (let row = 0; row < count; row++) {
      const input = embeddings.subarray(row * inFeatures, (row + 1) * inFeatures);
      for (let column = 0; column < outFeatures; column++) {
        let value = activate(Math.fround(dot(input, weight, column) + (bias?.[column] ?? 0)));
        if (residual) value += residual === 'input' ? input[column]! : dot(input, residual, column);
        output[row * outFeatures + column] = value;
      }
    }
    return output;
  }

  toString(): string {
    const { inFeatures, outFeatures, bias, activationPath } = this.#options;
    const config = {
      in_features: inFeatures,
      out_features: outFeatures,
      bias: bias !== undefined,
      activation_function: activationPath,
    };
    return `Dense(${formatPythonDict(config)})`;
  }
}

function dot(input: Float32Array, matrix: Float32Array, row: number): number {
  const start = row * input.length;
  let sum = 0;
  for (let i = 0; i < input.length; i++) sum += input[i]! * matrix[start + i]!;
  return sum;
}
