/** Moves the source map of a virtual file to the text that the user wrote. */
import type { SourceMapPayload } from './types.ts';

export interface MapShift {
  /** Lines put in front of the emitted JavaScript. */
  generatedLines: number;
  /** Lines in front of the user's text in the virtual file. */
  sourceLines: number;
}

/** What a traceback and a debugger are to show: the user's file with the user's text. */
export interface MapTarget {
  name: string;
  text: string;
}

/** Shifts a map as TypeScript writes it (one source). @returns a new map */
export function shiftSourceMap(json: string, target: MapTarget, shift: MapShift): SourceMapPayload {
  const { mappings, names } = JSON.parse(json) as { mappings: string; names: string[] };
  return {
    version: 3,
    file: target.name,
    sources: [target.name],
    sourcesContent: [target.text],
    names,
    mappings: ';'.repeat(shift.generatedLines) + moveSourceLines(mappings, shift.sourceLines),
  };
}

/**
 * Lines are stored as differences, so only the first segment that has a source carries the offset. A segment is four or
 * five base-64 VLQ numbers: column, source, line, source column, name (source map specification, "mappings").
 */
function moveSourceLines(mappings: string, lines: number): string {
  return mappings.replace(/[A-Za-z0-9+/]{4,}/, (segment) => {
    const numbers = decodeVlq(segment);
    numbers[2] = numbers[2]! - lines;
    return numbers.map(encodeVlq).join('');
  });
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decodeVlq(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = digits.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function encodeVlq(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
