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
import type { Outcome } from '../runner/link/messages.ts';
import type { Request } from '../server/request.ts';
import { describeDiagnostics } from './describe-diagnostics.ts';
import { helpTopic, pageHelp } from './help.ts';
import type { KernelParts } from './kernel-parts.ts';

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
  async execute(request: Request<ExecuteRequest>, dropWaiting: () => Promise<void>): Promise<void> {
    const { iopub, log } = this.#kernel;
    const cell = readCell(request.message.content);
    const parent = request.message.header;
    if (cell.isStored) this.#count++;
    const count = cell.isStored ? this.#count : this.#count + 1;
    if (!cell.isSilent) iopub.push('execute_input', { code: cell.code, execution_count: count }, parent);
    this.#tellRestart(cell, parent);
    const { outcome, payload } = await this.#run(request, cell, count);
    if (!cell.isSilent) this.#showOutcome(outcome, count, parent);
    if (cell.isStored)
      await this.#remember(cell, outcome, count).catch((error) => log(`History: ${String(error)}`));
    if (outcome.status === 'error' && cell.stopOnError) await dropWaiting();
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

  async #run(request: Request, cell: Cell, count: number): Promise<{ outcome: Outcome; payload: unknown[] }> {
    const topic = helpTopic(cell.code);
    if (topic !== undefined)
      return { outcome: { status: 'ok' }, payload: await pageHelp(this.#kernel, topic) };
    const outcome = await this.#runCode(request, cell, { code: cell.code, count });
    return { outcome, payload: [] };
  }

  async #runCode(
    request: Request,
    { isSilent, allowStdin }: Cell,
    { code, count }: { code: string; count: number },
  ): Promise<Outcome> {
    const { compiler, runner, runs } = this.#kernel;
    const interrupts = this.#interrupts;
    const compiled = await compiler.compile(code, count).catch((error: Error) => error);
    if (compiled instanceof Error) return failed('CompilerError', compiled.message);
    if (interrupts !== this.#interrupts)
      return failed('Interrupted', 'The cell was interrupted before it started.');
    this.#late.push(...compiled.late);
    if (compiled.js === undefined) return { status: 'error', ...describeDiagnostics(compiled, code) };
    if (!isSilent) this.#tellLate(request.message.header);
    const outcome = await runner.run(compiled, { run: runs.add(request, isSilent), allowStdin });
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
    request: Request,
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

  async #evaluateExpressions(request: Request, cell: Cell): Promise<Record<string, UserExpression>> {
    const values: Record<string, UserExpression> = {};
    for (const [name, code] of Object.entries(cell.userExpressions)) {
      const outcome = await this.#runCode(request, cell, { code, count: this.#count });
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
