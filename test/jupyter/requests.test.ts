/** Requests at the edge: defaults as the protocol gives them, and one line for what is malformed. */
import { describe, expect, it } from 'vitest';
import { InvalidRequestError, isRequestType, parseRequest } from '../../src/jupyter/requests.ts';

describe('parseRequest()', () => {
  it('fills in the defaults of the protocol', () => {
    expect(parseRequest('execute_request', { code: '1' })).toEqual({
      code: '1',
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: true,
      stop_on_error: true,
    });
    expect(parseRequest('shutdown_request', {})).toEqual({ restart: false });
  });

  it('takes null, which Python clients send for None, as not said', () => {
    const content = { hist_access_type: 'range', stop: null, n: null, session: 0 };
    expect(parseRequest('history_request', content)).toMatchObject({
      stop: Number.MAX_SAFE_INTEGER,
      n: 1000,
    });
    expect(parseRequest('comm_info_request', { target_name: null })).toEqual({ target_name: null });
  });

  it('drops fields that the protocol does not know', () => {
    expect(parseRequest('is_complete_request', { code: '', more: 1 })).toEqual({ code: '' });
  });

  it.each([
    ['execute_request', {}, 'execute_request: "code" is missing.'],
    ['execute_request', { code: 1 }, 'execute_request: "code" must be string, not 1.'],
    [
      'execute_request',
      { code: '', user_expressions: { a: 1 } },
      'execute_request: "user_expressions.a" must be string, not 1.',
    ],
    ['complete_request', { code: '', cursor_pos: -1 }, 'complete_request: "cursor_pos" must be >=0, not -1.'],
    [
      'inspect_request',
      { code: '', cursor_pos: 'x' },
      'inspect_request: "cursor_pos" must be number, not "x".',
    ],
    ['comm_open', { comm_id: 'a' }, 'comm_open: "target_name" is missing.'],
    ['kernel_info_request', 3, 'kernel_info_request: "content" must be Object, not 3.'],
  ] as const)('says of a malformed %s %j what is wrong', (type, content, message) => {
    expect(() => parseRequest(type, content)).toThrow(
      new InvalidRequestError(type, message.slice(type.length + 2)),
    );
    expect(message).not.toContain('\n');
  });
});

it('isRequestType() knows requests and comm messages, and no replies or built-in names', () => {
  expect(['execute_request', 'comm_msg', 'execute_reply', 'toString'].map(isRequestType)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
