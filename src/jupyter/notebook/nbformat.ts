/** Notebook files (nbformat 4): their types, and reading and writing them as Jupyter does. */

import { NotebookFormatError } from '../client/errors.ts';
import type { MimeBundle } from '../messages.ts';

export type { MimeBundle };

/** Text that a file may hold as one string or as a list of lines. In memory it is always one string. */
type Multiline = string | string[];

export interface StreamOutput {
  output_type: 'stream';
  name: 'stdout' | 'stderr';
  text: string;
}

export interface DisplayDataOutput {
  output_type: 'display_data';
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

export interface ExecuteResultOutput {
  output_type: 'execute_result';
  execution_count: number | null;
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

export interface ErrorOutput {
  output_type: 'error';
  ename: string;
  evalue: string;
  traceback: string[];
}

export type Output = StreamOutput | DisplayDataOutput | ExecuteResultOutput | ErrorOutput;

interface CellBase {
  /** Unique in the notebook: 1 to 64 letters, digits, `-` and `_`. */
  id: string;
  source: string;
  metadata: Record<string, unknown>;
}

export interface CodeCell extends CellBase {
  cell_type: 'code';
  execution_count: number | null;
  outputs: Output[];
}

export interface MarkdownCell extends CellBase {
  cell_type: 'markdown';
  attachments?: Record<string, MimeBundle>;
}

export interface RawCell extends CellBase {
  cell_type: 'raw';
  attachments?: Record<string, MimeBundle>;
}

export type Cell = CodeCell | MarkdownCell | RawCell;

export interface NotebookMetadata {
  kernelspec?: { name: string; display_name: string; language?: string };
  language_info?: { name: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** A notebook of nbformat 4.5, source and text joined to single strings. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: NotebookMetadata;
  cells: Cell[];
}

/**
 * Reads a notebook file's text. Notebooks of nbformat 4.0 to 4.4 come back as 4.5, with an id on every cell. Fields
 * that the format does not know are kept.
 * @param path the file's name, for error messages only
 * @throws NotebookFormatError when the text is not JSON or not nbformat 4
 * @example parseNotebook('{ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [] }', 'a.ipynb').cells.length // 0
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function parseNotebook(text: string, path: string): Notebook {
  const root = parseJson(text, path);
  if (!isObject(root)) {
    throw new NotebookFormatError(path, 'This is JSON but not a notebook: its outermost value is no object.');
  }
  checkVersion(root, path);
  checkDepth(root, path);
  if (!Array.isArray(root.cells)) {
    throw new NotebookFormatError(path, 'This notebook has no list of cells. Restore the file from a copy.');
  }
  const cells = root.cells.map((cell, index) => parseCell(cell, index, path));
  return {
    ...root,
    nbformat: 4,
    nbformat_minor: Math.max(5, root.nbformat_minor as number),
    metadata: objectOr(root.metadata) as NotebookMetadata,
    cells: withUniqueIds(cells),
  };
}

/**
 * Writes a notebook as Jupyter does: keys sorted, one space of indent, texts as lists of lines.
 * @example await writeFile('a.ipynb', serializeNotebook(notebook))
 */
export function serializeNotebook(notebook: Notebook): string {
  const file = { ...notebook, cells: notebook.cells.map(splitCell) };
  return `${JSON.stringify(sortKeys(file), null, 1)}\n`;
}

/** The cells that a kernel runs, each with its place in the notebook. @example codeCells(notebook).map(({ index }) => index) // [0] */
export function codeCells(notebook: Notebook): { cell: CodeCell; index: number }[] {
  return notebook.cells.flatMap((cell, index) => (cell.cell_type === 'code' ? [{ cell, index }] : []));
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = text.trim() ? `This is not JSON (${reason}).` : 'This file is empty.';
    throw new NotebookFormatError(path, `${problem} A notebook is a .ipynb file as Jupyter saves it.`);
  }
}

function checkVersion(root: Record<string, unknown>, path: string): void {
  const { nbformat, nbformat_minor: minor } = root;
  if (!Number.isInteger(nbformat) || !Number.isInteger(minor)) {
    throw new NotebookFormatError(path, 'This is JSON but not a notebook: it names no nbformat version.');
  }
  if (nbformat !== 4) {
    const remedy = `Convert it with: jupyter nbconvert --to notebook --nbformat 4 "${path}"`;
    throw new NotebookFormatError(
      path,
      `This notebook has format ${nbformat}; format 4 is needed. ${remedy}`,
    );
  }
}

/** Deeper values cannot be written again. */
const MAX_DEPTH = 500;

/** Whether a value holds others more than MAX_DEPTH levels deep. */
export function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}

function checkDepth(root: Record<string, unknown>, path: string): void {
  if (!isTooDeep(root)) return;
  throw new NotebookFormatError(
    path,
    `It holds values nested more than ${MAX_DEPTH} levels deep. Clear its outputs, or restore the file from a copy.`,
  );
}

function parseCell(cell: unknown, index: number, path: string): Cell {
  if (!isObject(cell) || !isMultiline(cell.source)) {
    throw new NotebookFormatError(path, `Cell ${index + 1} has no source. Restore the file from a copy.`);
  }
  const base = {
    ...cell,
    id: typeof cell.id === 'string' ? cell.id : '',
    source: joinLines(cell.source),
    metadata: objectOr(cell.metadata),
  };
  const type = cell.cell_type;
  if (type === 'code') {
    const outputs = Array.isArray(cell.outputs) ? cell.outputs : [];
    return {
      ...base,
      cell_type: type,
      execution_count: countOrNull(cell.execution_count),
      outputs: outputs.map((output) => parseOutput(output, index, path)),
    };
  }
  if (type === 'markdown' || type === 'raw') {
    const attachments = isObject(cell.attachments) ? parseAttachments(cell.attachments) : undefined;
    const { attachments: _, ...rest } = base as typeof base & { attachments?: unknown };
    return { ...rest, cell_type: type, ...(attachments && { attachments }) };
  }
  const problem = `Cell ${index + 1} is of the unknown type ${JSON.stringify(type)}. Cells are code, markdown or raw.`;
  throw new NotebookFormatError(path, problem);
}

function parseOutput(output: unknown, index: number, path: string): Output {
  const fields = objectOr(output);
  const type = fields.output_type;
  if (type === 'stream') {
    const name = fields.name === 'stderr' ? 'stderr' : 'stdout';
    if (!isMultiline(fields.text ?? '')) {
      throw new NotebookFormatError(
        path,
        `Cell ${index + 1} holds a stream without text. Clear its outputs.`,
      );
    }
    return { ...fields, output_type: type, name, text: joinLines(fields.text as Multiline) };
  }
  if (type === 'error') {
    const traceback = Array.isArray(fields.traceback) ? fields.traceback.map(String) : [];
    return {
      ...fields,
      output_type: type,
      ename: text(fields.ename),
      evalue: text(fields.evalue),
      traceback,
    };
  }
  const bundle = { ...fields, data: joinBundle(objectOr(fields.data)), metadata: objectOr(fields.metadata) };
  if (type === 'display_data') return { ...bundle, output_type: type };
  if (type === 'execute_result') {
    return { ...bundle, output_type: type, execution_count: countOrNull(fields.execution_count) };
  }
  const problem = `Cell ${index + 1} holds an output of the unknown type ${JSON.stringify(type)}. Clear its outputs.`;
  throw new NotebookFormatError(path, problem);
}

function parseAttachments(attachments: Record<string, unknown>): Record<string, MimeBundle> {
  return mapValues(attachments, (bundle) => joinBundle(objectOr(bundle)));
}

/** Cell ids came with nbformat 4.5: missing, invalid and doubled ones are replaced by the cell's number. */
function withUniqueIds(cells: Cell[]): Cell[] {
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    let id = /^[\w-]{1,64}$/.test(cell.id) && !taken.has(cell.id) ? cell.id : `cell-${index + 1}`;
    while (taken.has(id)) id += 'x';
    taken.add(id);
    return { ...cell, id };
  });
}

function splitCell(cell: Cell): object {
  const source = splitLines(cell.source);
  if (cell.cell_type === 'code') return { ...cell, source, outputs: cell.outputs.map(splitOutput) };
  if (!cell.attachments) return { ...cell, source };
  return { ...cell, source, attachments: mapValues(cell.attachments, splitBundle) };
}

function splitOutput(output: Output): object {
  if (output.output_type === 'stream') return { ...output, text: splitLines(output.text) };
  if (output.output_type === 'error') return output;
  return { ...output, data: splitBundle(output.data) };
}

/** Jupyter writes text payloads as lists of lines, JSON and base64 ones as they are. */
function splitBundle(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([mime, payload]) => {
      const isText =
        mime.startsWith('text/') || mime === 'image/svg+xml' || mime === 'application/javascript';
      return [mime, isText && typeof payload === 'string' ? splitLines(payload) : payload];
    }),
  );
}

function joinBundle(bundle: Record<string, unknown>): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([mime, payload]) => {
      const isJson = /^application\/(.*\+)?json$/.test(mime);
      return [mime, !isJson && Array.isArray(payload) ? payload.join('') : payload];
    }),
  );
}

function splitLines(joined: string): string[] {
  return joined.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function joinLines(lines: Multiline | undefined): string {
  return Array.isArray(lines) ? lines.join('') : (lines ?? '');
}

function isMultiline(value: unknown): value is Multiline {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((line) => typeof line === 'string'))
  );
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key])]));
}

function mapValues<In, Out>(object: Record<string, In>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOr(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function countOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
