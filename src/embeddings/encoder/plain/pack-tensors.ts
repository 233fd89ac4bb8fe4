/** Packs an object with large tensors into few bytes, each tensor in as many steps as it is allowed, and unpacks it. */

/** Numbers that share a scale. */
const GROUP = 256;

/** The largest whole number that a tensor's values become: 127 for 8 bits; undefined where they stay exact. */
export type StepsOf = (key: string, tensor: Float32Array) => number | undefined;

/** What stands in the place of a tensor. */
interface Placeholder {
  $tensor: { length: number; steps?: number | undefined };
}

/**
 * Packs plain data in which some values are Float32Arrays: a header in JSON, then the tensors. Whole numbers of few
 * steps stand in a byte each: what compresses the result codes the frequent ones in fewer bits.
 *
 * @param stepsOf told the key under which a tensor stands
 */
export function packTensors(value: object, stepsOf: StepsOf): Uint8Array {
  const parts: Uint8Array[] = [];
  const header = JSON.stringify(value, (key, inner: unknown) => {
    if (!(inner instanceof Float32Array)) return inner;
    const steps = stepsOf(key, inner);
    parts.push(...(steps === undefined ? [bytesOf(inner.slice())] : quantizeTensor(inner, steps)));
    return { $tensor: { length: inner.length, steps } } satisfies Placeholder;
  });
  const text = new TextEncoder().encode(header);
  return joinBytes([bytesOf(Uint32Array.of(text.length)), text, ...parts]);
}

/** Unpacks what {@link packTensors} has packed; the tensors are as exact as their steps. */
export function unpackTensors(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerEnd = 4 + view.getUint32(0, true);
  let at = headerEnd;
  const take = (length: number) => {
    at += length;
    return new Uint8Array(bytes.subarray(at - length, at));
  };
  return JSON.parse(new TextDecoder().decode(bytes.subarray(4, headerEnd)), (_, inner: unknown) => {
    if (!isPlaceholder(inner)) return inner;
    const { length, steps } = inner.$tensor;
    if (steps === undefined) return new Float32Array(take(4 * length).buffer);
    const scales = new Float32Array(take(4 * Math.ceil(length / GROUP)).buffer);
    return Float32Array.from(
      new Int8Array(take(length).buffer),
      (whole, i) => whole * scales[Math.floor(i / GROUP)]!,
    );
  });
}

/** Scales and whole numbers of a tensor. */
function quantizeTensor(tensor: Float32Array, steps: number): [Uint8Array, Uint8Array] {
  const scales = new Float32Array(Math.ceil(tensor.length / GROUP));
  const whole = new Int8Array(tensor.length);
  for (const [group] of scales.entries()) {
    const values = tensor.subarray(group * GROUP, (group + 1) * GROUP);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = Math.fround(largest / steps) || 1;
    scales[group] = scale;
    for (const [i, value] of values.entries()) whole[group * GROUP + i] = Math.round(value / scale);
  }
  return [bytesOf(scales), bytesOf(whole)];
}

function isPlaceholder(value: unknown): value is Placeholder {
  return typeof value === 'object' && value !== null && '$tensor' in value;
}

function bytesOf(array: Float32Array | Uint32Array | Int8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
