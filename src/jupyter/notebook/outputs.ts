/** Turns a kernel's iopub messages into the outputs of a notebook's cells. */

import { collapseCarriageReturns } from '../../text/carriage-return.ts';
import type {
  ClearOutput,
  DisplayData,
  ErrorContent,
  ExecuteInput,
  ExecuteResult,
  Message,
  StreamContent,
} from '../messages.ts';
import {
  type CodeCell,
  type DisplayDataOutput,
  type ExecuteResultOutput,
  isTooDeep,
  type Output,
  type StreamOutput,
} from './nbformat.ts';

/** Gathers the outputs of one cell after another. Displays may be updated from later cells. */
export interface OutputCollector {
  /** Clears the cell and sends what comes to it. */
  begin(cell: CodeCell): void;
  /** Applies a message whose parent is the running cell's request. Other message types are ignored. */
  apply(message: Message): void;
  /** Adds an output of our own, such as the death of the kernel. */
  add(output: Output): void;
  /** Writes the streams' final text. To be called when the cell has ended. */
  end(): void;
}

/** A collector for one run of one notebook. */
export function createOutputCollector(): OutputCollector {
  return new Collector();
}

class Collector implements OutputCollector {
  #cell: CodeCell | undefined;
  #clearBeforeNext = false;
  /** Texts of each stream as they came: joined once, so that a hundred thousand short prints stay cheap. */
  readonly #chunks = new Map<StreamOutput, string[]>();
  readonly #displays = new Map<string, (DisplayDataOutput | ExecuteResultOutput)[]>();

  begin(cell: CodeCell): void {
    cell.outputs = [];
    cell.execution_count = null;
    this.#cell = cell;
    this.#clearBeforeNext = false;
  }

  apply({ header, content }: Message): void {
    if (!this.#cell) return;
    const handle = handlers[header.msg_type];
    if (handle) handle(this, content as never);
  }

  add(output: Output): void {
    if (this.#clearBeforeNext) this.clear({ wait: false });
    this.#cell?.outputs.push(output);
  }

  end(): void {
    for (const [output, chunks] of this.#chunks) output.text = collapseCarriageReturns(chunks.join(''));
    this.#chunks.clear();
    this.#cell = undefined;
  }

  count(executionCount: number): void {
    if (this.#cell) this.#cell.execution_count = executionCount;
  }

  clear({ wait }: ClearOutput): void {
    this.#clearBeforeNext = wait;
    if (wait || !this.#cell) return;
    this.#cell.outputs = [];
    this.#chunks.clear();
  }

  stream({ name, text }: StreamContent): void {
    if (this.#clearBeforeNext) this.clear({ wait: false });
    const last = this.#cell?.outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) {
      this.#chunks.get(last)?.push(text);
      return;
    }
    const output: StreamOutput = { output_type: 'stream', name, text: '' };
    this.#chunks.set(output, [text]);
    this.add(output);
  }

  display(output: DisplayDataOutput | ExecuteResultOutput, transient: DisplayData['transient']): void {
    if (isTooDeep([output.data, output.metadata])) {
      const text = 'An output is left out here: it is nested too deep to be written.\n';
      this.add({ output_type: 'stream', name: 'stderr', text });
      return;
    }
    this.add(output);
    const id = transient?.display_id;
    if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }

  update({ data, metadata, transient }: DisplayData): void {
    if (isTooDeep([data, metadata])) return;
    for (const output of this.#displays.get(transient?.display_id ?? '') ?? []) {
      output.data = data;
      output.metadata = metadata;
    }
  }
}

type Handler = (collector: Collector, content: never) => void;

const handlers: Record<string, Handler | undefined> = {
  execute_input: (collector, content: ExecuteInput) => collector.count(content.execution_count),
  stream: (collector, content: StreamContent) => collector.stream(content),
  clear_output: (collector, content: ClearOutput) => collector.clear(content),
  update_display_data: (collector, content: DisplayData) => collector.update(content),
  display_data: (collector, { data, metadata, transient }: DisplayData) =>
    collector.display({ output_type: 'display_data', data, metadata }, transient),
  execute_result: (collector, { data, metadata, transient, execution_count }: ExecuteResult) =>
    collector.display({ output_type: 'execute_result', data, metadata, execution_count }, transient),
  error: (collector, { ename, evalue, traceback }: ErrorContent) =>
    collector.add({ output_type: 'error', ename, evalue, traceback }),
};
