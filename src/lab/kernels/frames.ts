/** Kernel messages in websocket frames: Jupyter's v1 protocol, which needs no JSON to be read on the way. */

/** The websocket subprotocol's name. */
export const SUBPROTOCOL = 'v1.kernel.websocket.jupyter.org';

/** The channels that a page may write to. */
export const PAGE_CHANNELS = ['shell', 'control', 'stdin'] as const;

/** One of them. */
export type PageChannel = (typeof PAGE_CHANNELS)[number];

/** Header, parent header, metadata, content, and what buffers there are, as bytes. */
export type MessageParts = readonly Uint8Array[];

const OFFSET_BYTES = 8;

/**
 * Packs a message: a table of offsets (their count, then each as a 64-bit little-endian number), the channel's name,
 * the parts.
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
 */
export function packFrame(channel: string, parts: MessageParts): Buffer {
  const all = [Buffer.from(channel), ...parts];
  const table = Buffer.alloc(OFFSET_BYTES * (all.length + 2));
  table.writeBigUInt64LE(BigInt(all.length + 1));
  let offset = table.length;
  for (const [i, part] of all.entries()) {
    table.writeBigUInt64LE(BigInt(offset), OFFSET_BYTES * (i + 1));
    offset += part.length;
  }
  table.writeBigUInt64LE(BigInt(offset), OFFSET_BYTES * (all.length + 1));
  return Buffer.concat([table, ...all]);
}

/**
 * Unpacks what a page sent.
 * @throws RangeError when it is no message, or for a channel that pages do not write to
 */
export function unpackFrame(bytes: Buffer): { channel: PageChannel; parts: Buffer[] } {
  const offsets = readOffsets(bytes);
  const [name, ...parts] = offsets.slice(1).map((end, i) => bytes.subarray(offsets[i], end));
  const channel = PAGE_CHANNELS.find((known) => known === name?.toString('utf8'));
  if (!channel) throw new RangeError('A websocket message names no channel that pages write to.');
  if (parts.length < 4) throw new RangeError(`A websocket message has ${parts.length} of 4 parts.`);
  return { channel, parts };
}

function readOffsets(bytes: Buffer): number[] {
  const tableFits = (count: number) => OFFSET_BYTES * (count + 1) <= bytes.length;
  const count = bytes.length < OFFSET_BYTES ? 0 : Number(bytes.readBigUInt64LE());
  if (count < 2 || !tableFits(count)) throw new RangeError('A websocket message has no table of offsets.');
  const offsets = Array.from({ length: count }, (_, i) =>
    Number(bytes.readBigUInt64LE(OFFSET_BYTES * (i + 1))),
  );
  const isRising = offsets.every((offset, i) => offset >= (offsets[i - 1] ?? OFFSET_BYTES * (count + 1)));
  if (!isRising || offsets.at(-1)! > bytes.length)
    throw new RangeError('A websocket message has a wrong table of offsets.');
  return offsets;
}
