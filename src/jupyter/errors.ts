/** The errors that reading a connection file or a message off the wire may end in. */

/** Why a message was refused, for a log line: which part of it was wrong. */
export type WireFault = 'delimiter' | 'frames' | 'signature' | 'replay' | 'json' | 'header';

/** Frames that are no Jupyter message signed with our key. The receiver drops them with a log line. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly fault: WireFault;

  constructor(fault: WireFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** A connection file that lacks a field or holds a wrong one. */
export class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}
