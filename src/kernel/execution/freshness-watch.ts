/** Watches what cells are made from: tells what is out of date, before a cell that uses it and after one that made it so. */
import { randomUUID } from 'node:crypto';
import type { ExecuteRequest, Header } from '../../jupyter/messages.ts';
import type { CompiledCell } from '../compiler/cell/types.ts';
import { type CellMetadata, readCellMetadata } from '../freshness/cell-metadata.ts';
import { type Change, Graph, type Run } from '../freshness/graph.ts';
import type { Cell } from '../freshness/nodes.ts';
import { NO_NOTICE, type NoticeData, reasonNotice, staleNotice } from '../freshness/notices.ts';
import { type Plan, planBefore, planFor } from '../freshness/plan.ts';
import { type Reason, reasonsOf } from '../freshness/reasons.ts';
import type { CommMessage } from '../runner/link/messages.ts';
import type { DisplayTrail } from '../server/display-trail.ts';
import type { IopubQueue } from '../server/iopub-queue.ts';
import type { Request } from '../server/request.ts';
import { FreshnessComms } from './freshness-comms.ts';

type CellRequest = Request<ExecuteRequest>;

/** What the watch needs of the kernel. */
export interface WatchParts {
  iopub: IopubQueue;
  /** `tsbert.auto` of the notebook's own metadata. */
  readSetting(): Promise<boolean | undefined>;
}

/** The text of a cell about to run, compiled. */
export interface Attempt {
  text: string;
  number: number;
  compiled: CompiledCell;
}

/** Why what a cell is about to use is out of date, and what to run first. */
export interface Before {
  reasons: Reason[];
  plan: Plan;
}

/** A notice on the screen, and the cells of which it says that they are out of date. */
interface ShownNotice {
  displayId: string;
  by: Cell;
  cells: Cell[];
}

/** The watch of one session. */
export class FreshnessWatch {
  readonly #iopub: IopubQueue;
  readonly #readSetting: WatchParts['readSetting'];
  readonly #comms: FreshnessComms;
  #graph = new Graph();
  #notices: ShownNotice[] = [];
  /** Ids of the displays that each cell has on the screen. */
  #displays = new WeakMap<Cell, readonly string[]>();
  /** What `%auto` said last; it wins over what the notebook says. */
  #command: boolean | undefined;
  #isAuto = false;

  constructor({ iopub, readSetting }: WatchParts) {
    this.#iopub = iopub;
    this.#readSetting = readSetting;
    this.#comms = new FreshnessComms(iopub);
  }

  /** Takes a front end's comm message, and answers with what is out of date. @returns false when it is not for us */
  takeComm(comm: CommMessage, parent: Header): boolean {
    if (!this.#comms.take(comm)) return false;
    if (this.#comms.isOpen) this.#comms.send(this.#graph, this.#isAuto, parent);
    return true;
  }

  /** Takes note of what a request says besides its code. */
  note(request: CellRequest): void {
    const { deletedCells, auto } = metadataOf(request);
    this.#isAuto = this.#command ?? auto ?? this.#isAuto;
    if (deletedCells.length > 0) this.#graph.forget(deletedCells.map((id) => keyOf(id, '')));
  }

  /** Turns `auto` on or off for this session, whatever the notebook says. */
  setAuto(isOn: boolean): void {
    this.#command = isOn;
    this.#isAuto = isOn;
  }

  /** Whether a cell first runs what it needs. */
  async isAuto(request: CellRequest): Promise<boolean> {
    this.#isAuto = this.#command ?? metadataOf(request).auto ?? (await this.#readSetting()) ?? false;
    return this.#isAuto;
  }

  /** Begins a run. @param again the cell that runs again, in place of that of the request */
  begin(request: CellRequest, { text, number, compiled }: Attempt, again?: Cell): Run | undefined {
    const { uses, modules } = compiled;
    if (uses === undefined) return undefined;
    const { cellId } = metadataOf(request);
    const names = again ?? { key: keyOf(cellId, text), id: cellId };
    return this.#graph.begin({
      key: names.key,
      ...(names.id === undefined ? {} : { id: names.id }),
      number,
      text,
      uses,
      modules: modules.map(({ version }) => version),
    });
  }

  /** Why what a cell is about to use is out of date, and what to run first. */
  reasonsBefore(request: CellRequest, attempt: Attempt): Before {
    const { names } = this.#graph;
    const run = this.begin(request, attempt);
    const reasons = run === undefined ? [] : reasonsOf(names, run);
    return { reasons, plan: run === undefined ? planFor(names, []) : planBefore(names, run, reasons) };
  }

  /** Says before a cell runs that what it uses is out of date. */
  tellBefore(request: CellRequest, { reasons, plan }: Before): void {
    if (reasons.length > 0) this.show(request, reasonNotice(reasons, plan));
  }

  /** Ends a run. */
  finish(run: Run, isOk: boolean, trail: DisplayTrail): Change {
    const change = this.#graph.finish(run, isOk);
    this.#displays.set(change.cell, trail.ids);
    return change;
  }

  /** Ids of the displays that a cell has on the screen. */
  displaysOf(cell: Cell): readonly string[] {
    return this.#displays.get(cell) ?? [];
  }

  /**
   * Ends a request: takes back notices that have become untrue, says what the cell put out of date, and tells front ends
   * that asked for it.
   *
   * @param waiting requests behind this one: what they run is not worth a word
   */
  close(request: CellRequest, change: Change | undefined, waiting: readonly CellRequest[]): void {
    const { stale } = this.#graph;
    this.#notices = this.#notices.filter(({ by, cells, displayId }) => {
      // A cell that ran again has lost its output.
      if (by === change?.cell) return false;
      if (cells.some((cell) => stale.has(cell))) return true;
      this.show(request, NO_NOTICE, displayId);
      return false;
    });
    if (change !== undefined) this.#tellAfter(request, change, waiting);
    if (this.#comms.isOpen) this.#comms.send(this.#graph, this.#isAuto, request.message.header);
  }

  /** All that is out of date. */
  plan(): Plan {
    return planFor(this.#graph.names, this.#graph.stale);
  }

  /** Shows a notice below the cell of a request, or another in the place of one. */
  show({ message }: CellRequest, data: NoticeData, replaced?: string): void {
    const type = replaced === undefined ? 'display_data' : 'update_display_data';
    const transient = replaced === undefined ? {} : { display_id: replaced };
    this.#iopub.push(type, { data, metadata: {}, transient }, message.header);
  }

  /** The runner is a fresh one: nothing is left of what cells made. */
  reset(): void {
    this.#graph = new Graph();
    this.#notices = [];
  }

  #tellAfter(request: CellRequest, { cell, isEdited }: Change, waiting: readonly CellRequest[]): void {
    const keys = new Set(waiting.map((one) => keyOf(metadataOf(one).cellId, one.message.content.code)));
    const isLeft = (one: Cell) => !keys.has(one.key);
    if (isEdited) cell.hasTold = true;
    if (!cell.hasTold) return;
    const outdated = [...this.#graph.outdatedBy(cell)];
    cell.hasTold = outdated.length > 0;
    if (!outdated.some(isLeft)) return;
    const cells = [...this.#graph.stale].filter(isLeft);
    const displayId = randomUUID();
    const data = staleNotice(planFor(this.#graph.names, cells));
    this.#iopub.push(
      'display_data',
      { data, metadata: {}, transient: { display_id: displayId } },
      request.message.header,
    );
    this.#notices.push({ displayId, by: cell, cells });
  }
}

function metadataOf({ message }: CellRequest): CellMetadata {
  return readCellMetadata(message.metadata);
}

/** What a cell is recognised by: its id, or its text where the front end gives none. */
function keyOf(cellId: string | undefined, text: string): string {
  return cellId === undefined ? `text ${text}` : `id ${cellId}`;
}
