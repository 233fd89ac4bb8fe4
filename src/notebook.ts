/** What programs import from 'tsbert/notebook': reading, running and exporting notebooks. */
export { type ExportOptions, exportHtml } from './export/html.ts';
export type { ImageReader } from './export/markup/images.ts';
export type { LaunchSpec } from './jupyter/client/client.ts';
export {
  CellTimeoutError,
  DeadKernelError,
  KernelStartError,
  NotebookFormatError,
} from './jupyter/client/errors.ts';
export { findKernel, type InstalledKernel } from './jupyter/client/find-kernel.ts';
export { type KernelSpec, kernelSpec } from './jupyter/kernelspec.ts';
export {
  type ExecuteOptions,
  type ExecutionResult,
  executeNotebook,
  type ProgressEvent,
} from './jupyter/notebook/execute.ts';
export type { CellFailure } from './jupyter/notebook/failure.ts';
export {
  type Cell,
  type CodeCell,
  codeCells,
  type MarkdownCell,
  type Notebook,
  type NotebookMetadata,
  parseNotebook,
  type RawCell,
  serializeNotebook,
} from './jupyter/notebook/nbformat.ts';
export { injectParameters, type Parameters } from './jupyter/notebook/parameters.ts';
