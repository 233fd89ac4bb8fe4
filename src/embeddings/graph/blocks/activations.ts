/** The activations that config.json may name, each as the operators that compute it. */
import { UnsupportedModelError } from '../../weights/errors.ts';
import type { GraphBuilder } from '../onnx/graph.ts';

/** Applies an activation to a value of the graph and names the result. */
type Activation = (graph: GraphBuilder, x: string) => string;

const gelu: Activation = (graph, x) => graph.node('Gelu', [x]);
const geluTanh: Activation = (graph, x) => graph.node('Gelu', [x], { approximate: 'tanh' });
const swish: Activation = (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
const relu: Activation = (graph, x) => graph.node('Relu', [x]);

/** x · sigmoid(1.702 x). */
const quickGelu: Activation = (graph, x) =>
  graph.node('Mul', [x, graph.node('Sigmoid', [graph.node('Mul', [x, graph.scalar(1.702)])])]);

/** The names of transformers' ACT2FN that encoders use. */
const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu,
  gelu_python: gelu,
  gelu_new: geluTanh,
  gelu_fast: geluTanh,
  gelu_accurate: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_python_tanh: geluTanh,
  quick_gelu: quickGelu,
  relu,
  relu2: (graph, x) => {
    const positive = relu(graph, x);
    return graph.node('Mul', [positive, positive]);
  },
  silu: swish,
  swish,
  tanh: (graph, x) => graph.node('Tanh', [x]),
  sigmoid: (graph, x) => graph.node('Sigmoid', [x]),
  mish: (graph, x) => graph.node('Mish', [x]),
  linear: (_graph, x) => x,
};

/**
 * Checks an activation's name.
 *
 * @param setting the key in config.json, for the message
 * @throws {UnsupportedModelError} when no graph can be written for it
 */
export function requireActivation(name: unknown, setting: string): string {
  if (typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name)) return name;
  throw new UnsupportedModelError(setting, name, Object.keys(ACTIVATIONS));
}

/** Applies the activation of that name to a value of the graph. @returns the result's name */
export function activate(graph: GraphBuilder, name: string, x: string): string {
  return ACTIVATIONS[name]!(graph, x);
}
