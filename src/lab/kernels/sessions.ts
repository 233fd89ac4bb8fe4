/** Sessions: which notebook (or console) has which kernel. */
import { randomUUID } from 'node:crypto';
import { HttpError } from '../http/errors.ts';
import type { Kernel, KernelModel } from './kernel.ts';
import type { Kernels } from './kernels.ts';

/** What a page asks a session to be. */
export interface SessionRequest {
  path: string;
  name: string;
  type: string;
  kernelId?: string;
  kernelName?: string;
}

/** A session, field names as in the API. */
export interface SessionModel {
  id: string;
  path: string;
  name: string;
  type: string;
  kernel: KernelModel;
  notebook?: { path: string; name: string };
}

interface Session {
  readonly id: string;
  path: string;
  name: string;
  type: string;
  kernel: Kernel;
}

export class Sessions {
  readonly #kernels: Kernels;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that are being made, by path: two pages that open one notebook at once get one kernel. */
  readonly #opening = new Map<string, Promise<Session>>();

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  list(): SessionModel[] {
    return [...this.#sessions.values()].map(describe);
  }

  /** @throws HttpError 404 */
  read(id: string): SessionModel {
    return describe(this.#get(id));
  }

  /** The session of a path: the one that is there, or a new one with a kernel in folder `cwd`. */
  async open(request: SessionRequest, cwd: string): Promise<SessionModel> {
    const known = [...this.#sessions.values()].find(({ path }) => path === request.path);
    const opened = known ?? this.#opening.get(request.path) ?? this.#make(request, cwd);
    return describe(await opened);
  }

  /** Renames a session, or gives it another kernel: the old one is ended then. */
  async change(id: string, changes: Partial<SessionRequest>): Promise<SessionModel> {
    const session = this.#get(id);
    const { path = session.path, name = session.name, type = session.type, kernelId, kernelName } = changes;
    const before = session.kernel;
    if (kernelId !== undefined) session.kernel = this.#kernels.get(kernelId);
    else if (kernelName !== undefined) session.kernel = await this.#kernels.start(kernelName, before.cwd);
    Object.assign(session, { path, name, type });
    if (session.kernel !== before) await this.#kernels.stop(before.id).catch(() => {});
    return describe(session);
  }

  async close(id: string): Promise<void> {
    const { kernel } = this.#get(id);
    this.forgetKernel(kernel.id);
    await this.#kernels.stop(kernel.id);
  }

  /** Drops the sessions of a kernel that is ended. */
  forgetKernel(kernelId: string): void {
    for (const { id, kernel } of [...this.#sessions.values()])
      if (kernel.id === kernelId) this.#sessions.delete(id);
  }

  #get(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw new HttpError(404, `There is no session ${id}.`);
    return session;
  }

  #make({ path, name, type, kernelId, kernelName }: SessionRequest, cwd: string): Promise<Session> {
    const make = async () => {
      const kernel =
        kernelId === undefined ? await this.#kernels.start(kernelName, cwd) : this.#kernels.get(kernelId);
      const session = { id: randomUUID(), path, name, type, kernel };
      this.#sessions.set(session.id, session);
      return session;
    };
    const making = make().finally(() => this.#opening.delete(path));
    this.#opening.set(path, making);
    return making;
  }
}

function describe({ kernel, ...session }: Session): SessionModel {
  const { path, name, type } = session;
  return { ...session, kernel: kernel.model, ...(type === 'notebook' && { notebook: { path, name } }) };
}
