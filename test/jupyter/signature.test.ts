/** Signatures equal those of Python's hmac module. */
import { describe, expect, it } from 'vitest';
import { createSigner, SignatureHistory } from '../../src/jupyter/signature.ts';

const frames = ['{"msg_id":"1"}', '{}', '{}', '{"code":"é"}'].map((text) => Buffer.from(text));

describe('createSigner()', () => {
  it('signs as Python does: hmac.new(b"secret", b"".join(frames), "sha256").hexdigest()', () => {
    expect(createSigner('secret').sign(frames)).toBe(
      'ba95035fc1c6e1cd28e979d79a8057944610640d55e91dc92745e2822f31afc3',
    );
  });

  it('knows other digests', () => {
    expect(createSigner('secret', 'hmac-sha1').sign(frames)).toBe('2a1be076311fe6ce2cfbbc0dd076a806b505a18f');
  });

  it('accepts its own signature only', () => {
    const signer = createSigner('secret');
    const signature = Buffer.from(signer.sign(frames));
    expect(signer.verify(signature, frames)).toBe(true);
    expect(signer.verify(signature.subarray(1), frames)).toBe(false);
    expect(signer.verify(Buffer.alloc(64, 'a'), frames)).toBe(false);
  });

  it('does not sign without a key', () => {
    const signer = createSigner('');
    expect(signer.sign(frames)).toBe('');
    expect(signer.verify(Buffer.from('anything'), frames)).toBe(true);
  });

  it('refuses a scheme that is no HMAC', () => {
    expect(() => createSigner('secret', 'rot13')).toThrow('Signature scheme "rot13" is not supported');
  });
});

describe('SignatureHistory', () => {
  const bytes = (text: string) => Buffer.from(text);

  it('knows what came before, and nothing else', () => {
    const history = new SignatureHistory();
    expect([history.isRepeated(bytes('a')), history.isRepeated(bytes('b'))]).toEqual([false, false]);
    expect(history.isRepeated(bytes('a'))).toBe(true);
  });

  it('forgets the oldest first, so that its memory has an end', () => {
    const history = new SignatureHistory(2);
    for (const text of ['a', 'b', 'c']) history.isRepeated(bytes(text));
    expect([history.isRepeated(bytes('c')), history.isRepeated(bytes('a'))]).toEqual([true, false]);
  });

  it('lets messages without a signature pass', () => {
    const history = new SignatureHistory();
    expect([history.isRepeated(bytes('')), history.isRepeated(bytes(''))]).toEqual([false, false]);
  });
});
