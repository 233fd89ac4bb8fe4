/** Messages survive the wire; what is not signed with our key, or is no message at all, is refused. */
import { describe, expect, it } from 'vitest';
import { createMessageFactory } from '../../src/jupyter/messages.ts';
import { createSigner } from '../../src/jupyter/signature.ts';
import { decodeMessage, encodeMessage } from '../../src/jupyter/wire.ts';

const signer = createSigner('secret');
const factory = createMessageFactory('me', 'session-1');
const message = factory.create('comm_msg', {
  content: { comm_id: 'c', data: { text: 'é 😀 \u0000' } },
  metadata: { a: 1 },
  buffers: [new Uint8Array([0, 255, 7])],
});

describe('encodeMessage()', () => {
  it('puts identities, delimiter, signature, four parts and buffers in order', () => {
    const frames = encodeMessage(message, signer, [Buffer.from('peer')]);
    expect(frames).toHaveLength(8);
    expect(Buffer.from(frames[0]!).toString()).toBe('peer');
    expect(Buffer.from(frames[1]!).toString()).toBe('<IDS|MSG>');
    expect(Buffer.from(frames[2]!).toString()).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(Buffer.from(frames[6]!).toString())).toEqual(message.content);
    expect(frames[7]).toEqual(new Uint8Array([0, 255, 7]));
  });
});

describe('decodeMessage()', () => {
  it('gives back what encodeMessage() wrote', () => {
    const decoded = decodeMessage(encodeMessage(message, signer, [Buffer.from('peer')]), signer);
    expect(decoded).toEqual({ identities: [Buffer.from('peer')], message });
  });

  it('reads messages without identities and with several', () => {
    expect(decodeMessage(encodeMessage(message, signer), signer).identities).toEqual([]);
    const two = [Buffer.from([0, 1]), Buffer.from([2])];
    expect(decodeMessage(encodeMessage(message, signer, two), signer).identities).toEqual(two);
  });

  it('refuses a message signed with another key', () => {
    const frames = encodeMessage(message, createSigner('other'));
    expect(() => decodeMessage(frames, signer)).toThrow(expect.objectContaining({ fault: 'signature' }));
  });

  it('refuses a message whose content was changed', () => {
    const frames = encodeMessage(message, signer);
    frames[5] = Buffer.from('{"comm_id":"d","data":{}}');
    expect(() => decodeMessage(frames, signer)).toThrow(expect.objectContaining({ fault: 'signature' }));
  });

  it.each([
    ['no frame', [], 'delimiter'],
    ['no delimiter', ['a', 'b'], 'delimiter'],
    ['nothing behind the delimiter', ['<IDS|MSG>'], 'frames'],
    ['too few parts', ['<IDS|MSG>', '', '{}', '{}'], 'frames'],
    ['text for JSON', ['<IDS|MSG>', '', 'x', '{}', '{}', '{}'], 'json'],
    ['an array for an object', ['<IDS|MSG>', '', '[]', '{}', '{}', '{}'], 'json'],
    ['an empty header', ['<IDS|MSG>', '', '{}', '{}', '{}', '{}'], 'header'],
  ])('refuses %s', (_, frames, fault) => {
    const unsigned = createSigner('');
    const buffers = frames.map((frame) => Buffer.from(frame));
    expect(() => decodeMessage(buffers, unsigned)).toThrow(expect.objectContaining({ fault }));
  });
});
