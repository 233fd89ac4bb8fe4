/** Writes Protocol Buffers messages: the few wire types that an ONNX file needs. */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * Collects the fields of one message.
 *
 * @example
 * new MessageWriter().varint(1, 150).finish() // Uint8Array [0x08, 0x96, 0x01]
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Adds an int32, int64 or enum field. Values must be whole and within ±2^53. */
  varint(field: number, value: number): this {
    this.#tag(field, VARINT);
    return this.#push(encodeVarint(value));
  }

  /** Adds a float field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#tag(field, FIXED32);
    return this.#push(bytes);
  }

  /** Adds a bytes field. The bytes are kept, not copied, until `finish`. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, LENGTH_DELIMITED);
    this.#push(encodeVarint(value.length));
    return this.#push(value);
  }

  /** Adds a string field in UTF-8. */
  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Adds a field that holds another message. */
  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  /** @returns the message's bytes */
  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let position = 0;
    for (const part of this.#parts) {
      bytes.set(part, position);
      position += part.length;
    }
    return bytes;
  }

  #tag(field: number, wireType: number): void {
    this.#push(encodeVarint(field * 8 + wireType));
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}

/** Base 128, low groups first; a negative number takes ten bytes, as the two's complement of 64 bits. */
function encodeVarint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const group = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? group : group | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
