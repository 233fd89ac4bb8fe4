/** Executes cells: compiled, run, and told to every front end as the protocol asks. */
import type {
  ErrorContent,
  ExecuteReply,
  ExecuteRequest,
  Header,
  UserExpression,
} from '../../jupyter/messages.ts';
import { red } from '../../text/ansi.ts';
import type { CompiledCell, LateDiagnostics } from '../compiler/cell/types.ts';
import { type NotebookCommand, notebookCommand } from '../freshness/commands.ts';
import type { Change } from '../freshness/graph.ts';
import type { Cell as Remembered } from '../freshness/nodes.ts';
import { autoNotice, FRESH_NOTICE, leftNotice, ranNotice } from '../freshness/notices.ts';
import type { Outcome } from '../runner/link/messages.ts';
import { DisplayTrail } from '../server/display-trail.ts';
import type { Request } from '../server/request.ts';
import { describeDiagnostics } from './describe-diagnostics.ts';
import type { QueueBehind } from './execution-queue.ts';
import type { Attempt, FreshnessWatch } from './freshness-watch.ts';
import { helpTopic, pageHelp } from './help.ts';
import type { KernelParts } from './kernel-parts.ts';
import { rerun } from './rerun.ts';

/** What an `execute_request` asks for. */
interface Cell {
  code: string;
  isSilent: boolean;
  isStored: boolean;
  userExpressions: Record<string, string>;
  allowStdin: boolean;
  stopOnError: boolean;
}

type FailedOutcome = Extract<Outcome, { status: 'error' }>;
type CellRequest = Request<ExecuteRequest>;

/** How a request ended. */
interface Ended {
  outcome: Outcome;
  payload: unknown[];
  /** What it changed in what is known of the notebook's values. */
  change?: Change;
}

/** A compiled cell that runs for a request. */
interface Watched {
  request: CellRequest;
  cell: Cell;
  attempt: Attempt;
}

/** Executes the cells of a session, whichever shell they come from. */
export class Executor {
  readonly #kernel: KernelParts;
  /** Errors of cells that have run, not told yet. */
  readonly #late: LateDiagnostics[] = [];
  #count = 0;
  /** Raised by every interrupt: a cell that is still being compiled then does not start. */
  #interrupts = 0;
  /** Whether the runner is a fresh one of which the user has not been told in a new cell. */
  #isFresh = false;

  constructor(kernel: KernelParts) {
    this.#kernel = kernel;
  }

  /** Executes one request up to its reply. Before that of a failed one it drops the cells that wait, if asked to. */
  async execute(request: Request<ExecuteRequest>, behind: QueueBehind): Promise<void> {
    const { iopub, log, freshness } = this.#kernel;
    const cell = readCell(request.message.content);
    const parent = request.message.header;
    if (cell.isStored) this.#count++;
    const count = cell.isStored ? this.#count : this.#count + 1;
    if (!cell.isSilent) iopub.push('execute_input', { code: cell.code, execution_count: count }, parent);
    this.#tellRestart(cell, parent);
    freshness?.note(request);
    const { outcome, payload, change } = await this.#run(request, cell, count);
    if (!cell.isSilent) this.#showOutcome(outcome, count, parent);
    if (cell.isStored)
      await this.#remember(cell, outcome, count).catch((error) => log(`History: ${String(error)}`));
    if (outcome.status === 'error' && cell.stopOnError) await behind.drop();
    if (!cell.isSilent) freshness?.close(request, change, behind.waiting());
    await this.#reply(request, cell, count, { outcome, payload });
  }

  /** Answers a request that is dropped because one before it failed. */
  async abort(request: Request): Promise<void> {
    const content = { status: 'aborted', execution_count: this.#count };
    await this.#kernel.reply(request, content, { status: 'aborted' });
  }

  /** Remembers to say in the next cell that the runner is a fresh one. */
  noteRestart(): void {
    this.#isFresh = true;
  }

  /** Stops what runs, and what is about to. */
  interrupt(): void {
    this.#interrupts++;
    this.#kernel.runner.interrupt();
  }

  #tellRestart({ isSilent }: Cell, parent: Header): void {
    if (!this.#isFresh || isSilent) return;
    this.#isFresh = false;
    const text = 'The runner was restarted: variables and imports of earlier cells are gone.\n';
    this.#kernel.iopub.pushStream({ name: 'stderr', text }, parent);
  }

  async #run(request: CellRequest, cell: Cell, count: number): Promise<Ended> {
    const { freshness } = this.#kernel;
    const topic = helpTopic(cell.code);
    if (topic !== undefined)
      return { outcome: { status: 'ok' }, payload: await pageHelp(this.#kernel, topic) };
    const command = freshness && notebookCommand(cell.code);
    if (command === undefined) return this.#runCell(request, cell, count);
    const failure = await this.#obey(command, request, cell);
    if (failure !== undefined) return { outcome: failure, payload: [] };
    if (command.rest.trim() === '') return { outcome: { status: 'ok' }, payload: [] };
    return this.#runCell(request, { ...cell, code: command.rest }, count);
  }

  /** Runs a cell, watched: first it is told what of that which it uses is out of date, or that is run again. */
  async #runCell(request: CellRequest, cell: Cell, count: number): Promise<Ended> {
    const { freshness } = this.#kernel;
    const attempt = await this.#compile(cell.code, count);
    if ('status' in attempt) return { outcome: attempt, payload: [] };
    if (freshness === undefined || cell.isSilent)
      return { outcome: await this.#evaluate(request, cell, attempt.compiled), payload: [] };
    const failure = await this.#prepare(freshness, { request, cell, attempt });
    if (failure !== undefined) return { outcome: failure, payload: [] };
    const { outcome, change } = await this.#runWatched(freshness, { request, cell, attempt });
    return { outcome, change, payload: [] };
  }

  async #runWatched(
    freshness: FreshnessWatch,
    { request, cell, attempt }: Watched,
    again?: Remembered,
  ): Promise<{ outcome: Outcome; change?: Change }> {
    const run = freshness.begin(request, attempt, again);
    const trail = new DisplayTrail(again && freshness.displaysOf(again));
    const outcome = await this.#evaluate(request, cell, attempt.compiled, trail);
    return run ? { outcome, change: freshness.finish(run, outcome.status === 'ok', trail) } : { outcome };
  }

  /** Before a cell: what it needs runs again where that is wished, and what stays out of date is told. */
  async #prepare(freshness: FreshnessWatch, watched: Watched): Promise<Outcome | undefined> {
    const { request, cell, attempt } = watched;
    const before = freshness.reasonsBefore(request, attempt);
    const { byKernel } = before.plan;
    if (byKernel.length === 0 || !(await freshness.isAuto(request))) {
      freshness.tellBefore(request, before);
      return undefined;
    }
    const failure = await this.#runAgain(byKernel, request, { ...cell, isSilent: true });
    if (failure !== undefined) return failure;
    freshness.show(request, ranNotice(byKernel));
    freshness.tellBefore(request, freshness.reasonsBefore(request, attempt));
    return undefined;
  }

  /** @returns the outcome of what failed */
  async #obey(command: NotebookCommand, request: CellRequest, cell: Cell): Promise<Outcome | undefined> {
    const freshness = this.#kernel.freshness!;
    if (command.name !== 'refresh') {
      freshness.setAuto(command.name === 'auto on');
      freshness.show(request, autoNotice(command.name === 'auto on'));
      return undefined;
    }
    const plan = freshness.plan();
    if (plan.cells.length === 0) freshness.show(request, FRESH_NOTICE);
    const failure = await this.#runAgain(plan.byKernel, request, cell);
    const left = freshness.plan();
    if (failure === undefined && left.cells.length > 0) freshness.show(request, leftNotice(left));
    return failure;
  }

  /** Runs cells again below the cell of a request. @returns the outcome of the one that failed */
  #runAgain(cells: readonly Remembered[], request: CellRequest, asking: Cell): Promise<Outcome | undefined> {
    const freshness = this.#kernel.freshness!;
    const interrupts = this.#interrupts;
    return rerun(cells, {
      run: async (again) => {
        const attempt = await this.#compile(again.text, again.number);
        if ('status' in attempt) return attempt;
        const cell = { ...asking, code: again.text };
        return (await this.#runWatched(freshness, { request, cell, attempt }, again)).outcome;
      },
      show: (outcome) => {
        if (outcome.status !== 'ok' || outcome.bundle === undefined || asking.isSilent) return;
        this.#kernel.iopub.push('display_data', outcome.bundle, request.message.header);
      },
      isInterrupted: () => interrupts !== this.#interrupts,
    });
  }

  /** Compiles a cell. @returns the outcome when it cannot run */
  async #compile(code: string, count: number): Promise<Attempt | Outcome> {
    const interrupts = this.#interrupts;
    const compiled = await this.#kernel.compiler.compile(code, count).catch((error: Error) => error);
    if (compiled instanceof Error) return failed('CompilerError', compiled.message);
    if (interrupts !== this.#interrupts)
      return failed('Interrupted', 'The cell was interrupted before it started.');
    this.#late.push(...compiled.late);
    if (compiled.js === undefined) return { status: 'error', ...describeDiagnostics(compiled, code) };
    return { text: code, number: count, compiled };
  }

  async #evaluate(
    request: CellRequest,
    { isSilent, allowStdin }: Cell,
    compiled: CompiledCell,
    trail?: DisplayTrail,
  ): Promise<Outcome> {
    const { runner, runs } = this.#kernel;
    if (!isSilent) this.#tellLate(request.message.header);
    const outcome = await runner.run(compiled, { run: runs.add(request, isSilent, trail), allowStdin });
    return outcome.status === 'error' ? await this.#explain(outcome, compiled) : outcome;
  }

  /** Cells that ran before their types were known stand corrected above the next one that runs. */
  #tellLate(parent: Header): void {
    for (const { name, code, diagnostics } of this.#late.splice(0)) {
      const { traceback } = describeDiagnostics({ name, diagnostics }, code);
      const text = `${name} ran before its types were known. They say:\n${traceback.join('\n')}\n`;
      this.#kernel.iopub.pushStream({ name: 'stderr', text }, parent);
    }
  }

  /** What failed before its types were known most likely fails for what they say: that comes first. */
  async #explain(outcome: FailedOutcome, { unchecked, name }: CompiledCell): Promise<Outcome> {
    if (unchecked === undefined || outcome.ename === 'Interrupted') return outcome;
    const late = await this.#kernel.compiler.recheck(unchecked);
    if (late === undefined) return outcome;
    const error = describeDiagnostics({ name, diagnostics: late.diagnostics }, late.code);
    return { status: 'error', ...error, traceback: [...error.traceback, '', ...outcome.traceback] };
  }

  #showOutcome(outcome: Outcome, count: number, parent: Header): void {
    const { iopub } = this.#kernel;
    if (outcome.status === 'error') iopub.push('error', errorContent(outcome), parent);
    else if (outcome.bundle)
      iopub.push('execute_result', { execution_count: count, ...outcome.bundle }, parent);
  }

  async #remember({ code }: Cell, outcome: Outcome, count: number): Promise<void> {
    const text = outcome.status === 'ok' ? outcome.bundle?.data['text/plain'] : undefined;
    await this.#kernel.history.add(count, code, typeof text === 'string' ? text : null);
  }

  async #reply(
    request: CellRequest,
    cell: Cell,
    count: number,
    { outcome, payload }: { outcome: Outcome; payload: unknown[] },
  ): Promise<void> {
    const { iopub, reply } = this.#kernel;
    const isOk = outcome.status === 'ok';
    const user_expressions = isOk ? await this.#evaluateExpressions(request, cell) : {};
    // A front end stops listening soon after the reply: all output goes first.
    await iopub.flushed();
    const content: ExecuteReply = isOk
      ? { status: 'ok', execution_count: count, user_expressions, payload }
      : { status: 'error', execution_count: count, ...errorContent(outcome), user_expressions: {}, payload };
    await reply(request, content);
  }

  async #evaluateExpressions(request: CellRequest, cell: Cell): Promise<Record<string, UserExpression>> {
    const values: Record<string, UserExpression> = {};
    for (const [name, code] of Object.entries(cell.userExpressions)) {
      const attempt = await this.#compile(code, this.#count);
      const outcome = 'status' in attempt ? attempt : await this.#evaluate(request, cell, attempt.compiled);
      values[name] =
        outcome.status === 'ok'
          ? { status: 'ok', data: {}, metadata: {}, ...outcome.bundle }
          : { status: 'error', ...errorContent(outcome) };
    }
    return values;
  }
}

function readCell(request: ExecuteRequest): Cell {
  return {
    code: request.code,
    isSilent: request.silent,
    isStored: !request.silent && request.store_history,
    userExpressions: request.user_expressions,
    allowStdin: request.allow_stdin,
    stopOnError: request.stop_on_error,
  };
}

function failed(ename: string, evalue: string): Outcome {
  return { status: 'error', ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

function errorContent({ ename, evalue, traceback }: ErrorContent): ErrorContent {
  return { ename, evalue, traceback };
}
