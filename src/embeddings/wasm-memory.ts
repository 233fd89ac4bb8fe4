/** Makes a full WebAssembly heap an error: its backend would write on at address 0, and give any number. */
import type * as Tfjs from '@tensorflow/tfjs-core';

/** What is used of the backend's Emscripten module. */
interface WasmModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** The backend cannot hold a tensor: a WebAssembly heap ends at 4 GiB. */
export class BackendMemoryError extends Error {
  override readonly name = 'BackendMemoryError';
  /** What was asked for. */
  readonly bytes: number;

  constructor(bytes: number) {
    super(
      `The wasm backend has no room for ${formatBytes(bytes)} more: it ends at 4 GiB with all tensors that are alive. ` +
        'dispose() tensors that are not needed, compare fewer rows at once, or use tfjs-node.',
    );
    this.bytes = bytes;
  }
}

const guarded = new WeakSet<WasmModule>();

/** Lets allocations that fail throw from now on; does nothing on other backends. */
export function guardWasmMemory(tf: typeof Tfjs): void {
  const wasm = wasmModule(tf);
  if (!wasm || guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(1)); // Emscripten's first call puts the real function in the place of itself.
  const allocate = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) throw new BackendMemoryError(bytes);
    return address;
  };
}

/**
 * Makes sure that so much is free in one piece. XNNPACK allocates for itself, and its failures cannot be seen.
 *
 * @throws {BackendMemoryError} when it is not
 */
export function requireRoom(tf: typeof Tfjs, bytes: number): void {
  const wasm = wasmModule(tf);
  if (wasm) wasm._free(wasm._malloc(bytes));
}

/**
 * Some numbers of a tensor, without the rest: this backend's slice copies the whole tensor first.
 *
 * @returns undefined on other backends
 */
export function readPart(
  tf: typeof Tfjs,
  tensor: Tfjs.Tensor,
  start: number,
  end: number,
): Float32Array | undefined {
  const engine = tf.engine();
  if (engine.backendName !== 'wasm') return undefined;
  const backend = engine.backend as unknown as {
    readSync(data: Tfjs.DataId, start: number, end: number): Float32Array;
  };
  return backend.readSync(tensor.dataId, start, end);
}

/** A size as a reader of messages wants it: `614 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

function wasmModule(tf: typeof Tfjs): WasmModule | undefined {
  const engine = tf.engine();
  return engine.backendName === 'wasm' ? (engine.backend as unknown as { wasm: WasmModule }).wasm : undefined;
}
