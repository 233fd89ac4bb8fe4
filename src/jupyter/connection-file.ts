/** Connection files: where a kernel's five sockets are bound and with which key messages are signed. */
import { randomUUID } from 'node:crypto';
import { ConnectionFileError } from './errors.ts';

/** The five sockets of a kernel. */
export const CHANNELS = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;

/** The name of one of a kernel's sockets. */
export type Channel = (typeof CHANNELS)[number];

/** A connection file's contents, field names as in the file. */
export interface ConnectionInfo {
  transport: 'tcp' | 'ipc';
  /** Address to bind to (tcp), or path prefix of the socket files (ipc). */
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  /** The secret messages are signed with. Empty: messages carry no signature. Never to be logged. */
  key: string;
  /** `hmac-` and the name of a digest. */
  signature_scheme: string;
  kernel_name?: string;
}

/**
 * Reads a connection file's text.
 *
 * @param text the file's contents
 * @param path the file's path, for error messages
 * @throws ConnectionFileError when it is not JSON, or a port or the transport is missing or wrong. The message never
 *   holds the key.
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export function parseConnectionFile(text: string, path: string): ConnectionInfo {
  const fields = parseJsonObject(text, path);
  const { transport = 'tcp', ip = '127.0.0.1', key = '', signature_scheme = 'hmac-sha256' } = fields;
  if (transport !== 'tcp' && transport !== 'ipc')
    throw new ConnectionFileError(path, `Connection file ${path}: transport must be "tcp" or "ipc".`);
  for (const [name, value] of Object.entries({ ip, key, signature_scheme }))
    if (typeof value !== 'string')
      throw new ConnectionFileError(path, `Connection file ${path}: "${name}" must be a string.`);
  for (const channel of CHANNELS) checkPort(fields[`${channel}_port`], `${channel}_port`, path);
  return { ...fields, transport, ip, key, signature_scheme } as ConnectionInfo;
}

/**
 * The address of one socket, as ZeroMQ writes it.
 *
 * @example
 * socketAddress(info, 'shell') // 'tcp://127.0.0.1:52001', or 'ipc:///run/kernel-1' for ipc
 */
export function socketAddress(info: ConnectionInfo, channel: Channel): string {
  const port = info[`${channel}_port`];
  if (info.transport === 'ipc') return `ipc://${info.ip}-${port}`;
  const host = info.ip.includes(':') ? `[${info.ip}]` : info.ip;
  return `tcp://${host}:${port}`;
}

/** A connection of its own for a new kernel: the given ports, on loopback, with a fresh random key. */
export function createConnectionInfo(ports: Record<Channel, number>): ConnectionInfo {
  return {
    transport: 'tcp',
    ip: '127.0.0.1',
    shell_port: ports.shell,
    iopub_port: ports.iopub,
    stdin_port: ports.stdin,
    control_port: ports.control,
    hb_port: ports.hb,
    key: randomUUID(),
    signature_scheme: 'hmac-sha256',
  };
}

function parseJsonObject(text: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and the text holds the key.
    throw new ConnectionFileError(path, `Connection file ${path} is not JSON. Start the kernel anew.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ConnectionFileError(path, `Connection file ${path} must hold a JSON object.`);
}

function checkPort(value: unknown, name: string, path: string): void {
  if (Number.isInteger(value) && (value as number) > 0 && (value as number) < 65536) return;
  throw new ConnectionFileError(path, `Connection file ${path}: "${name}" must be a port from 1 to 65535.`);
}
