/** Every message carries its session, a fresh id, and the header of the request that caused it. */
import { expect, it } from 'vitest';
import { createMessageFactory } from '../../src/jupyter/messages.ts';

it('createMessageFactory() makes messages of one session, each with an id of its own', () => {
  const factory = createMessageFactory('me');
  const request = factory.create('kernel_info_request', { content: {} });
  const reply = factory.create('kernel_info_reply', { content: { status: 'ok' }, parent: request.header });
  expect(request.header).toMatchObject({ session: factory.session, username: 'me', version: '5.4' });
  expect(request.header.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(request.parent_header).toEqual({});
  expect(reply.parent_header).toEqual(request.header);
  expect(reply.header.msg_id).not.toBe(request.header.msg_id);
});
