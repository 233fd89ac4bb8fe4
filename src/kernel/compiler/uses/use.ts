/** The record of what a piece of code does with names: how one starts, and how two join. */
import type { Use } from '../cell/types.ts';

/** A record of nothing. */
export function createUse(): Use {
  return {
    reads: new Set(),
    passes: new Set(),
    holds: new Set(),
    assigns: new Set(),
    changes: new Set(),
    methods: [],
    arguments: [],
    changedParameters: new Set(),
    effects: new Set(),
    isOpen: false,
  };
}

/** Adds what `from` does to `to`. Parameters are each function's own. */
export function joinUse(to: Use, from: Use): void {
  for (const key of ['reads', 'passes', 'holds', 'assigns', 'changes', 'effects'] as const) {
    for (const name of from[key]) to[key].add(name);
  }
  to.methods.push(...from.methods);
  to.arguments.push(...from.arguments);
  to.isOpen ||= from.isOpen;
}
