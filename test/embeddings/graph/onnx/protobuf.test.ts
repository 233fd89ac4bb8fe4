import { describe, expect, it } from 'vitest';
import { MessageWriter } from '../../../../src/embeddings/graph/onnx/protobuf.ts';

// The examples of https://protobuf.dev/programming-guides/encoding/
describe('MessageWriter', () => {
  it('varint() writes 7 bits a byte, low groups first', () => {
    expect([...new MessageWriter().varint(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new MessageWriter().varint(16, 0).finish()]).toEqual([0x80, 0x01, 0x00]);
  });

  it('varint() writes a negative number as 64 bits', () => {
    expect([...new MessageWriter().varint(1, -2).finish()]).toEqual([
      0x08,
      0xfe,
      ...Array(8).fill(0xff),
      0x01,
    ]);
  });

  it('varint() keeps offsets above 32 bits', () => {
    const bytes = new MessageWriter().varint(1, 2 ** 35).finish();
    expect([...bytes]).toEqual([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
  });

  it('string() writes the length and UTF-8', () => {
    expect([...new MessageWriter().string(2, 'testing').finish()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
  });

  it('float() writes 4 bytes, little-endian', () => {
    expect([...new MessageWriter().float(1, 1).finish()]).toEqual([0x0d, 0x00, 0x00, 0x80, 0x3f]);
  });

  it('message() writes a message inside another', () => {
    const inner = new MessageWriter().varint(1, 150);
    expect([...new MessageWriter().message(3, inner).finish()]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  });
});
