/** HMAC signatures of messages: only who knows the connection file's key may talk to a kernel. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { WireError } from './errors.ts';

/** Signs and checks the four JSON frames of a message. */
export interface Signer {
  /** @returns the signature in lower-case hex; empty when the connection has no key. */
  sign(frames: readonly Uint8Array[]): string;
  /** Whether `signature` is that of `frames`, compared in constant time. Always true when the connection has no key. */
  verify(signature: Uint8Array, frames: readonly Uint8Array[]): boolean;
}

/** Signatures that are remembered, as many as jupyter_client remembers. */
const KEPT_SIGNATURES = 1 << 16;

/** Remembers signatures: a message's id and date are signed with it, so that no two honest ones have the same. */
export class SignatureHistory {
  readonly #seen = new Set<string>();
  readonly #kept: number;

  constructor(kept: number = KEPT_SIGNATURES) {
    this.#kept = kept;
  }

  /** Whether the signature came before; if not, it is remembered. Messages of a connection without key have none. */
  isRepeated(signature: Uint8Array): boolean {
    const text = Buffer.from(signature).toString('latin1');
    if (text === '') return false;
    if (this.#seen.has(text)) return true;
    this.#seen.add(text);
    if (this.#seen.size > this.#kept) this.#seen.delete(this.#seen.values().next().value!);
    return false;
  }
}

/**
 * Makes the signer of a connection.
 *
 * @param key the connection file's `key`; empty turns signing off
 * @param scheme the connection file's `signature_scheme`, such as `hmac-sha256`
 * @throws WireError when the scheme is not `hmac-` and a digest this Node knows
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export function createSigner(key: string, scheme = 'hmac-sha256'): Signer {
  if (key === '') return { sign: () => '', verify: () => true };
  const digest = /^hmac-(\w+)$/.exec(scheme)?.[1];
  if (digest === undefined)
    throw new WireError('signature', `Signature scheme "${scheme}" is not supported. Use hmac-sha256.`);
  const sign = (frames: readonly Uint8Array[]): string => {
    const hmac = createHmac(digest, key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest('hex');
  };
  const verify = (signature: Uint8Array, frames: readonly Uint8Array[]): boolean => {
    const expected = Buffer.from(sign(frames));
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  };
  return { sign, verify };
}
