/** The source maps of all code that this process evaluated, decoded when a traceback first needs them. */
import { SourceMap } from 'node:module';
import type { SourceMapPayload } from '../../compiler/cell/types.ts';

/** A place in a file that the user wrote; line and column start at 1. */
export interface SourcePlace {
  file: string;
  line: number;
  column: number;
  /** The whole text of that file. */
  text: string;
}

export class SourceMaps {
  readonly #payloads = new Map<string, SourceMapPayload>();
  readonly #decoded = new Map<SourceMapPayload, SourceMap>();

  set(file: string, payload: SourceMapPayload): void {
    this.#payloads.set(file, payload);
  }

  /** Where emitted code comes from; undefined for files that are none of the user's. */
  find(file: string, line: number, column: number): SourcePlace | undefined {
    const payload = this.#payloads.get(file);
    if (payload === undefined) return undefined;
    const map = this.#decoded.get(payload) ?? new SourceMap(payload as never);
    this.#decoded.set(payload, map);
    const entry = map.findEntry(line - 1, column - 1);
    if (!('originalLine' in entry)) return undefined;
    return {
      file: payload.sources[0]!,
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      text: payload.sourcesContent[0]!,
    };
  }
}

/** Those of this process. */
export const sourceMaps = new SourceMaps();
