/** A short name for texts: equal for equal texts. */
import { createHash } from 'node:crypto';

/** The fingerprint of one or more texts, in their order. */
export function fingerprint(...texts: string[]): string {
  const hash = createHash('sha1');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('base64');
}
