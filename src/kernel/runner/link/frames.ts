/** Messages between the kernel's processes: structured clones, each behind its length, over a byte stream. */
import { deserialize, serialize } from 'node:v8';

const HEADER_BYTES = 4;

/** A value as one frame: 4 bytes of length, little endian, and the value's structured clone. */
export function encodeFrame(value: unknown): Buffer {
  const payload = serialize(value);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

/** Cuts a byte stream back into the values that were framed. */
export class FrameReader<T> {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Takes the next bytes of the stream. @returns the values that they complete, in order. */
  push(chunk: Buffer): T[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const values: T[] = [];
    for (let length = this.#nextLength(); length !== undefined; length = this.#nextLength()) {
      this.#take(HEADER_BYTES);
      values.push(deserialize(this.#take(length)) as T);
    }
    return values;
  }

  /** The length of the first frame, once all of it has come. */
  #nextLength(): number | undefined {
    if (this.#bytes < HEADER_BYTES) return undefined;
    if (this.#chunks[0]!.length < HEADER_BYTES) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = this.#chunks[0]!.readUInt32LE(0);
    return this.#bytes - HEADER_BYTES >= length ? length : undefined;
  }

  #take(length: number): Buffer {
    if (this.#chunks[0]!.length < length) this.#chunks = [Buffer.concat(this.#chunks)];
    const [first] = this.#chunks;
    const taken = first!.subarray(0, length);
    this.#chunks[0] = first!.subarray(length);
    if (this.#chunks[0].length === 0 && this.#chunks.length > 1) this.#chunks.shift();
    this.#bytes -= length;
    return taken;
  }
}
