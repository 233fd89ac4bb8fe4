/** `%time` and `%timeit`: how long something takes, told as IPython does. */

/** Runs of `%timeit`, and how long one should take at least, in milliseconds. */
const RUNS = 7;
const RUN_MS = 200;

/** Runs work once. @returns its value, and a sentence about the time */
export async function timeOnce<T>(work: () => T | Promise<T>): Promise<{ value: T; told: string }> {
  const stop = startClock();
  const value = await work();
  return { value, told: stop() };
}

/** Starts measuring. @returns what ends it and tells the time */
export function startClock(): () => string {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    return `CPU time: ${formatMs((user + system) / 1000)}, wall time: ${formatMs(wall)}\n`;
  };
}

/** Runs work many times. @returns a sentence about one of them */
export async function timeMany(work: () => unknown): Promise<string> {
  let loops = 1;
  let runMs = await runLoops(work, loops);
  while (runMs < RUN_MS) {
    loops *= runMs < RUN_MS / 10 ? 10 : 2;
    runMs = await runLoops(work, loops);
  }
  const each = [runMs / loops];
  while (each.length < RUNS) each.push((await runLoops(work, loops)) / loops);
  const mean = each.reduce((sum, ms) => sum + ms, 0) / RUNS;
  const deviation = Math.sqrt(each.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / RUNS);
  const count = loops.toLocaleString('en-US');
  return `${formatMs(mean)} ± ${formatMs(deviation)} per loop (mean ± std. dev. of ${RUNS} runs, ${count} loops each)\n`;
}

async function runLoops(work: () => unknown, loops: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < loops; i++) {
    const value = work();
    if (value instanceof Promise) await value;
  }
  return performance.now() - start;
}

/** @example formatMs(0.0123) // '12.3 µs' */
export function formatMs(ms: number): string {
  const [value, unit] =
    ms >= 1000 ? [ms / 1000, 's'] : ms >= 1 ? [ms, 'ms'] : ms >= 1e-3 ? [ms * 1e3, 'µs'] : [ms * 1e6, 'ns'];
  return `${Number(value.toPrecision(3))} ${unit}`;
}
