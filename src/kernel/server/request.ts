/** A request of a front end, with the way back to it. */
import type { Message } from '../../jupyter/messages.ts';

/** A request with where its reply goes. */
export interface Request<C = object> {
  channel: 'shell' | 'control';
  identities: readonly Uint8Array[];
  message: Message<C>;
}
