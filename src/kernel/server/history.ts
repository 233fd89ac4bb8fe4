/** The history of cells, kept between restarts: one file a session, one JSON line a cell. */
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryEntry, HistoryRequest } from '../../jupyter/messages.ts';

/** Sessions whose files are kept. */
const KEPT_SESSIONS = 500;

/** A cell as it is remembered. */
export interface HistoryLine {
  session: number;
  line: number;
  input: string;
  output: string | null;
}

/** The history of all sessions; this one's file is made with its first cell. */
export class History {
  readonly #folder: string;
  readonly #lines: HistoryLine[] = [];
  #session: Promise<number> | undefined;
  #written: Promise<unknown> = Promise.resolve();

  /** @param folder where the session files lie */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Remembers a cell. It is on disk once the returned promise resolves. */
  async add(line: number, input: string, output: string | null): Promise<void> {
    this.#session ??= this.#openSession();
    const entry: HistoryLine = { session: await this.#session, line, input, output };
    this.#lines.push(entry);
    const text = `${JSON.stringify({ line, input, output })}\n`;
    this.#written = this.#written.then(() => appendFile(this.#file(entry.session), text));
    await this.#written;
  }

  /** Answers a `history_request`. */
  async query(request: HistoryRequest): Promise<HistoryEntry[]> {
    const found = await this.#select(request);
    return found.map(({ session, line, input, output }) => [
      session,
      line,
      request.output ? [input, output] : input,
    ]);
  }

  async #select(request: HistoryRequest): Promise<HistoryLine[]> {
    const { hist_access_type: type, n, pattern, unique } = request;
    if (type === 'range') return this.#range(request);
    if (type === 'tail') return this.#last(n, () => true);
    const glob = globToRegExp(pattern);
    const seen = new Set<string>();
    return this.#last(
      n,
      ({ input }) => glob.test(input) && !(unique && seen.has(input)) && Boolean(seen.add(input)),
    );
  }

  /** The last `n` lines that match, oldest first; older sessions are read only as far as they are needed. */
  async #last(n: number, matches: (line: HistoryLine) => boolean): Promise<HistoryLine[]> {
    const found: HistoryLine[] = [];
    const sessions = await this.#sessions();
    for (let index = sessions.length - 1; index >= 0 && found.length < n; index--) {
      const lines = await this.#read(sessions[index]!);
      for (const line of lines.reverse()) if (found.length < n && matches(line)) found.push(line);
    }
    return found.reverse();
  }

  async #range({ session, start, stop }: HistoryRequest): Promise<HistoryLine[]> {
    const current = (await this.#session) ?? ((await this.#sessions()).at(-1) ?? 0) + 1;
    const lines = await this.#read(session > 0 ? session : current + session);
    return lines.filter(({ line }) => line >= start && line < stop);
  }

  async #read(session: number): Promise<HistoryLine[]> {
    if (this.#session !== undefined && session === (await this.#session)) return [...this.#lines];
    const text = await readFile(this.#file(session), 'utf8').catch(() => '');
    return text.split('\n').flatMap((json) => parseLine(json, session));
  }

  async #sessions(): Promise<number[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const numbers = names.map((name) => Number(/^(\d+)\.jsonl$/.exec(name)?.[1]));
    return numbers.filter((number) => number > 0).sort((a, b) => a - b);
  }

  /** Takes the next free number: the file is made only if it is not there, so two kernels never share one. */
  async #openSession(): Promise<number> {
    await mkdir(this.#folder, { recursive: true });
    const sessions = await this.#sessions();
    for (const old of sessions.slice(0, -KEPT_SESSIONS)) await rm(this.#file(old), { force: true });
    for (let session = (sessions.at(-1) ?? 0) + 1; ; session++) {
      try {
        await writeFile(this.#file(session), '', { flag: 'wx', mode: 0o600 });
        return session;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  #file(session: number): string {
    return join(this.#folder, `${String(session).padStart(6, '0')}.jsonl`);
  }
}

function parseLine(json: string, session: number): HistoryLine[] {
  try {
    return [{ session, ...(JSON.parse(json) as Omit<HistoryLine, 'session'>) }];
  } catch {
    return []; // A line that was cut when its kernel was killed.
  }
}

/** Shell patterns as IPython's search takes them: `*`, `?`, `[a-c]`, `[!x]`; the whole input must match. */
function globToRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    if (part.length > 1) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
