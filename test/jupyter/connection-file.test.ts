/** Connection files are read as Jupyter writes them, and refused without ever quoting the key. */
import { describe, expect, it } from 'vitest';
import {
  createConnectionInfo,
  parseConnectionFile,
  socketAddress,
} from '../../src/jupyter/connection-file.ts';

const ports = { shell: 1001, iopub: 1002, stdin: 1003, control: 1004, hb: 1005 };
const info = createConnectionInfo(ports);

describe('parseConnectionFile()', () => {
  it('reads what Jupyter writes', () => {
    const text = JSON.stringify({ ...info, kernel_name: 'tsbert', jupyter_session: '' });
    expect(parseConnectionFile(text, 'k.json')).toMatchObject({ ...info, kernel_name: 'tsbert' });
  });

  it('fills in the defaults', () => {
    const { transport, ip, signature_scheme, ...rest } = info;
    expect(parseConnectionFile(JSON.stringify(rest), 'k.json')).toEqual(info);
    expect([transport, ip, signature_scheme]).toEqual(['tcp', '127.0.0.1', 'hmac-sha256']);
  });

  it.each([
    ['no JSON', '{"key": "hush",', 'Connection file k.json is not JSON. Start the kernel anew.'],
    ['an array', '["hush"]', 'Connection file k.json must hold a JSON object.'],
    ['no port', '{"key": "hush"}', 'Connection file k.json: "shell_port" must be a port from 1 to 65535.'],
    ['a wrong transport', '{"transport": "pigeon"}', 'transport must be "tcp" or "ipc".'],
    ['a wrong key', '{"key": 5}', '"key" must be a string.'],
  ])('refuses %s', (_, text, message) => {
    const read = () => parseConnectionFile(text, 'k.json');
    expect(read).toThrow(message);
    expect(read).not.toThrow('hush');
  });
});

describe('socketAddress()', () => {
  it('names tcp ports, with IPv6 addresses in brackets', () => {
    expect(socketAddress(info, 'shell')).toBe('tcp://127.0.0.1:1001');
    expect(socketAddress({ ...info, ip: '::1' }, 'hb')).toBe('tcp://[::1]:1005');
  });

  it('names socket files for ipc', () => {
    expect(socketAddress({ ...info, transport: 'ipc', ip: '/run/kernel' }, 'iopub')).toBe(
      'ipc:///run/kernel-1002',
    );
  });
});

describe('createConnectionInfo()', () => {
  it('makes a key of its own each time', () => {
    expect(createConnectionInfo(ports).key).not.toBe(info.key);
  });
});
