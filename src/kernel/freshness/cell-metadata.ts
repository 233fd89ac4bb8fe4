/** What front ends say of a cell in the metadata of its `execute_request`. */

/** The parts of that metadata which matter here. */
export interface CellMetadata {
  /** The cell's id; JupyterLab, Notebook 7 and VS Code send it. */
  cellId: string | undefined;
  /** Ids of cells that were deleted since the last request; JupyterLab and Notebook 7 send them. */
  deletedCells: string[];
  /** `tsbert.auto`, where a front end hands on the notebook's or the cell's setting. */
  auto: boolean | undefined;
}

/**
 * Reads the metadata of a request; what is not as expected counts as absent.
 *
 * @example readCellMetadata({ cellId: 'a', tsbert: { auto: true } }).auto // true
 */
export function readCellMetadata(metadata: Record<string, unknown>): CellMetadata {
  const { cellId, deletedCells } = metadata;
  return {
    cellId: typeof cellId === 'string' && cellId !== '' ? cellId : undefined,
    deletedCells: Array.isArray(deletedCells) ? deletedCells.filter((id) => typeof id === 'string') : [],
    auto: readAuto(metadata),
  };
}

/** `tsbert.auto` of a notebook's or a cell's metadata. */
export function readAuto(metadata: Record<string, unknown>): boolean | undefined {
  const { tsbert } = metadata;
  const auto = (tsbert as { auto?: unknown } | null | undefined)?.auto ?? metadata['tsbert.auto'];
  return typeof auto === 'boolean' ? auto : undefined;
}
