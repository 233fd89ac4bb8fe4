/** The wire format: a message as the frames of one ZeroMQ multipart, and back. */
import { WireError } from './errors.ts';
import type { Header, Message } from './messages.ts';
import type { SignatureHistory, Signer } from './signature.ts';

/** Stands between the routing identities and the message proper. */
const DELIMITER = Buffer.from('<IDS|MSG>');

/** A message with the routing identities (or, on iopub, the topic) in front of it. */
export interface WireMessage {
  identities: readonly Uint8Array[];
  message: Message;
}

/**
 * Writes a message as frames: identities, delimiter, signature, header, parent header, metadata, content, buffers.
 *
 * @param identities routing identities of the receiver, or the topic on iopub; none from a client
 * @example
 * await socket.send(encodeMessage(message, signer, identities))
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export function encodeMessage(
  message: Message,
  signer: Signer,
  identities: readonly Uint8Array[] = [],
): Uint8Array[] {
  const parts = [message.header, message.parent_header, message.metadata, message.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  return [...identities, DELIMITER, Buffer.from(signer.sign(parts)), ...parts, ...message.buffers];
}

/**
 * Reads the frames of one multipart back into a message.
 *
 * @param history refuses what was read before: a message that somebody recorded and sends again
 * @throws WireError when the delimiter or a frame is missing, the signature is wrong or was seen before, or a part is
 *   not a JSON object
 */
export function decodeMessage(
  frames: readonly Uint8Array[],
  signer: Signer,
  history?: SignatureHistory,
): WireMessage {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (delimiter < 0) throw new WireError('delimiter', 'Message without the <IDS|MSG> delimiter.');
  const [signature, ...rest] = frames.slice(delimiter + 1);
  const parts = rest.slice(0, 4);
  if (signature === undefined || parts.length < 4)
    throw new WireError('frames', `Message with ${rest.length} of 4 frames after the signature.`);
  if (!signer.verify(signature, parts)) throw new WireError('signature', 'Message with a wrong signature.');
  if (history?.isRepeated(signature)) throw new WireError('replay', 'Message that was sent before.');
  const [header, parent, metadata = {}, content = {}] = parts.map(parsePart);
  if (!isHeader(header)) throw new WireError('header', 'Message whose header lacks msg_id or msg_type.');
  const parent_header = isHeader(parent) ? parent : {};
  const message = { header, parent_header, metadata, content, buffers: rest.slice(4) };
  return { identities: frames.slice(0, delimiter), message };
}

function parsePart(frame: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('utf8'));
  } catch {
    throw new WireError('json', 'Message with a part that is not JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new WireError('json', 'Message with a part that is not a JSON object.');
}

function isHeader(part: Record<string, unknown> | undefined): part is Header & Record<string, unknown> {
  return typeof part?.msg_id === 'string' && typeof part.msg_type === 'string';
}
