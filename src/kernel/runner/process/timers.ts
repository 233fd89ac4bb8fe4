/** Timers that remember their run, so that an interrupt ends what it left waiting. */
import { syncBuiltinESMExports } from 'node:module';
import timersModule from 'node:timers';
import { currentRun, type RunContext, resumeRun, type Timer } from '../link/run-context.ts';

type Start = (callback: (...args: unknown[]) => unknown, ...rest: unknown[]) => Timer;
type Clear = (timer: Timer | undefined) => void;

const owners = new WeakMap<Timer, Set<Timer>>();

/** Wraps the global timer functions and those of `node:timers`. */
export function installTimers(): void {
  const wrapped = {
    setTimeout: rememberTimers(globalThis.setTimeout as unknown as Start, true),
    setInterval: rememberTimers(globalThis.setInterval as unknown as Start, false),
    setImmediate: rememberTimers(globalThis.setImmediate as unknown as Start, true),
    clearTimeout: forgetTimers(globalThis.clearTimeout as Clear),
    clearInterval: forgetTimers(globalThis.clearInterval as Clear),
    clearImmediate: forgetTimers(globalThis.clearImmediate as Clear),
  };
  Object.assign(globalThis, wrapped);
  Object.assign(timersModule, wrapped);
  syncBuiltinESMExports();
}

/** Clears the timers that a run left waiting. */
export function clearTimers(context: RunContext): void {
  for (const timer of context.timers) {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
  }
  context.timers.clear();
}

function rememberTimers(start: Start, once: boolean): Start {
  const wrapped: Start = (callback, ...rest) => {
    if (typeof callback !== 'function') return start(callback, ...rest);
    const context = currentRun();
    const { timers } = context;
    const timer = start(
      (...args) => {
        if (once) timers.delete(timer);
        return resumeRun(context, () => callback(...args));
      },
      ...rest,
    );
    owners.set(timer, timers.add(timer));
    return timer;
  };
  // Node keeps the promise form of a timer function in a property of it, for util.promisify().
  return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(start));
}

function forgetTimers(clear: Clear): Clear {
  return (timer) => {
    if (typeof timer === 'object' && timer !== null) owners.get(timer)?.delete(timer);
    clear(timer);
  };
}
