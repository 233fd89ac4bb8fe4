/** `%who` and `%whos`: the notebook's variables. */
import { inspect } from 'node:util';
import type { Scope } from '../link/scope.ts';

/** One variable as `%whos` lists it. */
export interface VariableRow {
  name: string;
  type: string;
  /** Length, entries or shape; empty where there is none. */
  size: string;
  value: string;
}

/** Longest text of a value, in characters. */
const VALUE_LENGTH = 60;

/** The names that have a value, in order. */
export function variableNames(scope: Scope): string[] {
  return Object.keys(scope).sort((a, b) => a.localeCompare(b, 'en'));
}

/** What is to be said of each variable. */
export function describeVariables(scope: Scope): VariableRow[] {
  return variableNames(scope).map((name) => {
    const value = scope[name];
    return { name, type: typeName(value), size: sizeOf(value), value: shortText(value) };
  });
}

function typeName(value: unknown): string {
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? 'class' : 'function';
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return value.constructor?.name ?? 'object';
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return String(value.length);
  if (typeof value !== 'object' || value === null) return '';
  const { length, size, shape } = value as { length?: unknown; size?: unknown; shape?: unknown };
  if (Array.isArray(shape)) return `[${shape.join(', ')}]`;
  const count = [length, size].find((it) => typeof it === 'number');
  return count === undefined ? '' : String(count);
}

function shortText(value: unknown): string {
  const options = { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 6, maxStringLength: 60 };
  const line = typeof value === 'function' ? `${value.name}()` : inspect(value, options).replace(/\s+/g, ' ');
  return line.length > VALUE_LENGTH ? `${line.slice(0, VALUE_LENGTH - 1)}…` : line;
}
