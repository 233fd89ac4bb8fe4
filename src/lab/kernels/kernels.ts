/** All running kernels: started from a kernelspec, found by id, ended, and culled when nobody uses them. */
import { HttpError } from '../http/errors.ts';
import { Kernel } from './kernel.ts';
import type { KernelSpecs } from './kernelspecs.ts';

/** How often idle kernels are looked for. */
const CULL_EVERY_MS = 30_000;

export class Kernels {
  readonly #specs: KernelSpecs;
  readonly #running = new Map<string, Kernel>();
  #culling: NodeJS.Timeout | undefined;

  constructor(specs: KernelSpecs) {
    this.#specs = specs;
  }

  list(): Kernel[] {
    return [...this.#running.values()];
  }

  /** @throws HttpError 404 */
  get(id: string): Kernel {
    const kernel = this.#running.get(id);
    if (!kernel)
      throw new HttpError(404, `There is no kernel ${id}. It was shut down, or the server started anew.`);
    return kernel;
  }

  /**
   * Starts a kernel.
   * @param name - a kernelspec's; ours when absent
   * @throws HttpError 501 when there is no such kernelspec, or its command cannot be run
   */
  async start(name: string | undefined, cwd: string): Promise<Kernel> {
    const spec = await this.#specs.find(name);
    if (!spec) throw new HttpError(501, `The kernel '${name}' is not installed here. Choose another one.`);
    const kernel = new Kernel(spec.name, spec.launch, cwd);
    this.#running.set(kernel.id, kernel);
    try {
      await kernel.start();
    } catch (error) {
      this.#running.delete(kernel.id);
      throw new HttpError(501, (error as Error).message);
    }
    return kernel;
  }

  async stop(id: string): Promise<void> {
    const kernel = this.get(id);
    this.#running.delete(id);
    await kernel.stop();
  }

  /** Ends kernels that nobody has used for so long and that no page is connected to. */
  cullIdleAfter(ms: number, onCulled: (id: string) => void): void {
    this.#culling = setInterval(
      () => {
        const since = new Date(Date.now() - ms);
        for (const kernel of this.list().filter((one) => one.isIdleSince(since))) {
          onCulled(kernel.id);
          this.stop(kernel.id).catch(() => {});
        }
      },
      Math.min(CULL_EVERY_MS, ms),
    ).unref();
  }

  async stopAll(): Promise<void> {
    clearInterval(this.#culling);
    await Promise.allSettled(this.list().map(({ id }) => this.stop(id)));
  }
}
