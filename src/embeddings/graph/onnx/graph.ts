/** Builds an ONNX model node by node: every method returns the name of the value it makes. */
import { MessageWriter } from './protobuf.ts';

/** Element types of ONNX tensors (TensorProto.DataType). */
export const DataType = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  float16: 10,
  bfloat16: 16,
} as const;
/** The number of an element type, as ONNX files carry it. */
export type DataType = (typeof DataType)[keyof typeof DataType];

/** A node's attribute; whole numbers are written as INT, so a FLOAT says so. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** Where the bytes of a tensor lie outside the model file. */
export interface ExternalData {
  /** A file name, relative to the folder of the model file. */
  readonly location: string;
  /** Bytes before the tensor. */
  readonly offset: number;
  /** Bytes of the tensor. */
  readonly length: number;
}

/** Domain of onnxruntime's own operators. */
export const MICROSOFT = 'com.microsoft';

const IR_VERSION = 9;
const OPSET_VERSION = 20;
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 };
const EXTERNAL_DATA = 1;

/**
 * A graph under construction.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (the field numbers)
 */
export class GraphBuilder {
  readonly #nodes: MessageWriter[] = [];
  readonly #initializers: MessageWriter[] = [];
  readonly #inputs: MessageWriter[] = [];
  readonly #outputs: MessageWriter[] = [];
  readonly #external = new Set<string>();
  #count = 0;

  /**
   * Adds a node with one output.
   * @param inputs names of values; '' leaves an optional input out
   * @returns the output's name
   */
  node(operator: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.#node(operator, inputs, attributes, '', this.#name(operator));
  }

  /** Adds a node of onnxruntime's own domain. @returns the output's name */
  microsoftNode(operator: string, inputs: readonly string[]): string {
    return this.#node(operator, inputs, {}, MICROSOFT, this.#name(operator));
  }

  /** Adds a tensor whose values stand in the model file. @returns its name */
  constant(values: Float32Array | Int32Array | Int8Array | Uint8Array, shape: readonly number[]): string {
    return this.#constant(typeOf(values), values, shape);
  }

  /** Adds an int64 tensor, as shapes and axes are given. @returns its name */
  int64(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#constant(DataType.int64, BigInt64Array.from(values, BigInt), shape);
  }

  /** Adds a float scalar. @returns its name */
  scalar(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  /** Adds a tensor whose values stand in another file, once for each name. @returns its name */
  external(name: string, type: DataType, shape: readonly number[], data: ExternalData): string {
    if (this.#external.has(name)) return name;
    this.#external.add(name);
    const tensor = tensorHeader(name, type, shape);
    for (const [key, value] of Object.entries(data)) {
      tensor.message(13, new MessageWriter().string(1, key).string(2, String(value)));
    }
    this.#initializers.push(tensor.varint(14, EXTERNAL_DATA));
    return name;
  }

  /** Declares an input. Names in the shape are free dimensions. @returns the input's name */
  input(name: string, type: DataType, shape: readonly (string | number)[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Declares `value` as an output called `name`. */
  output(name: string, value: string, type: DataType, shape: readonly (string | number)[]): void {
    this.#node('Identity', [value], {}, '', name);
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** @returns the bytes of the model file */
  toModel(producer: { name: string; version: string }): Uint8Array {
    const graph = new MessageWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.string(2, 'encoder');
    for (const initializer of this.#initializers) graph.message(5, initializer);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return new MessageWriter()
      .varint(1, IR_VERSION)
      .string(2, producer.name)
      .string(3, producer.version)
      .message(7, graph)
      .message(8, operatorSet('', OPSET_VERSION))
      .message(8, operatorSet(MICROSOFT, 1))
      .finish();
  }

  #constant(type: DataType, values: ArrayBufferView, shape: readonly number[]): string {
    const name = this.#name('constant');
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.push(tensorHeader(name, type, shape).bytes(9, bytes));
    return name;
  }

  #node(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
    domain: string,
    output: string,
  ): string {
    const node = new MessageWriter();
    for (const input of inputs) node.string(1, input);
    node.string(2, output).string(3, output).string(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    if (domain !== '') node.string(7, domain);
    this.#nodes.push(node);
    return output;
  }

  #name(kind: string): string {
    this.#count += 1;
    return `${kind}_${this.#count}`;
  }
}

function typeOf(values: Float32Array | Int32Array | Int8Array | Uint8Array): DataType {
  if (values instanceof Float32Array) return DataType.float;
  if (values instanceof Int32Array) return DataType.int32;
  return values instanceof Int8Array ? DataType.int8 : DataType.uint8;
}

function attribute(name: string, value: Attribute): MessageWriter {
  const message = new MessageWriter().string(1, name);
  if (typeof value === 'number') return message.varint(3, value).varint(20, ATTRIBUTE.int);
  if (typeof value === 'string') return message.string(4, value).varint(20, ATTRIBUTE.string);
  if ('float' in value) return message.float(2, value.float).varint(20, ATTRIBUTE.float);
  for (const item of value) message.varint(8, item);
  return message.varint(20, ATTRIBUTE.ints);
}

function tensorHeader(name: string, type: DataType, shape: readonly number[]): MessageWriter {
  const tensor = new MessageWriter();
  for (const size of shape) tensor.varint(1, size);
  return tensor.varint(2, type).string(8, name);
}

function valueInfo(name: string, type: DataType, shape: readonly (string | number)[]): MessageWriter {
  const dimensions = new MessageWriter();
  for (const size of shape) {
    const dimension = new MessageWriter();
    dimensions.message(1, typeof size === 'number' ? dimension.varint(1, size) : dimension.string(2, size));
  }
  const tensorType = new MessageWriter().varint(1, type).message(2, dimensions);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensorType));
}

function operatorSet(domain: string, version: number): MessageWriter {
  return new MessageWriter().string(1, domain).varint(2, version);
}
