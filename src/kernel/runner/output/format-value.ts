/** Values as text: tensors as numpy prints matrices, everything else as Node inspects it, long things cut. */
import { type InspectOptions, inspect } from 'node:util';
import { formatArray } from '../../../text/format-array.ts';

/** What fits a notebook's output: enough to see what a value is, never a megabyte of it. */
const INSPECT_OPTIONS: InspectOptions = {
  depth: 4,
  maxArrayLength: 100,
  maxStringLength: 10_000,
  breakLength: 100,
  sorted: false,
};

/** What a tfjs tensor offers, of whichever copy of the library it comes. */
interface TensorLike {
  shape: number[];
  dtype: string;
  isDisposed?: boolean;
  dataSync(): ArrayLike<number>;
}

const adopted = new WeakSet<object>();

/**
 * A value as the text that a cell shows for it.
 *
 * @example
 * formatValue([1, 'a']) // "[ 1, 'a' ]"
 * formatValue(tf.tensor([1, 2])) // 'array([1., 2.], dtype=float32)'
 */
export function formatValue(value: unknown): string {
  adoptTensors(value);
  return isTensor(value) ? formatTensor(value) : inspect(value, INSPECT_OPTIONS);
}

/**
 * Makes tensors inside a value print well too, `console.log({ embeddings })` included: their class learns how to be
 * inspected. Looks two levels deep, as a tensor lies in a result object or a list.
 */
export function adoptTensors(value: unknown, depth = 2): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (isTensor(value)) adoptClass(Object.getPrototypeOf(value) as object);
  else if (depth > 0) adoptParts(value, depth);
}

function adoptParts(value: object, depth: number): void {
  const parts = value instanceof Map ? [...value.values()].slice(0, 20) : ownValues(value);
  for (const part of parts) adoptTensors(part, depth - 1);
}

/** The first few properties that are plain data: a getter may have effects. */
function ownValues(value: object): unknown[] {
  const names = Object.keys(value).slice(0, 20);
  return names.map((name) => Object.getOwnPropertyDescriptor(value, name)?.value as unknown);
}

function adoptClass(prototype: object | null): void {
  if (prototype === null || prototype === Object.prototype || adopted.has(prototype)) return;
  adopted.add(prototype);
  Object.defineProperty(prototype, inspect.custom, {
    configurable: true,
    value(this: TensorLike) {
      return formatTensor(this);
    },
  });
}

function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, dtype, dataSync } = value as Partial<TensorLike>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function';
}

function formatTensor(tensor: TensorLike): string {
  const { shape, dtype } = tensor;
  const summary = `Tensor(${dtype}, [${shape.join(', ')}])`;
  if (tensor.isDisposed) return `${summary}, disposed`;
  const isNumeric = dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
  if (!isNumeric) return `${summary} ${inspect(tensor.dataSync(), INSPECT_OPTIONS)}`;
  return formatArray(tensor.dataSync(), shape, { dtype });
}
