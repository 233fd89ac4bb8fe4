/** The blank `____` of an exercise: it may stand anywhere, and whoever uses it is told kindly that it is to be filled in. */

/** How a blank is written. */
export const BLANK_NAME = '____';

/** A cell that works with a blank. It has no stack: the message is all there is to say. */
export class BlankError extends Error {
  override readonly name = 'BlankError';

  constructor() {
    super(
      `There is still a blank ${BLANK_NAME} in this cell, or in one above it. Put your answer in its place, run that cell, then this one.`,
    );
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** What Node and the kernel may ask of any value without using it. */
const HARMLESS = new Set<PropertyKey>([
  'then',
  'constructor',
  Symbol.for('Jupyter.display'),
  Symbol.for('Jupyter.displayMetadata'),
  Symbol.for('nodejs.util.inspect.custom'),
  Symbol.toStringTag,
]);

const handler: ProxyHandler<object> = {
  get(_, key) {
    if (key === Symbol.for('nodejs.util.inspect.custom')) return () => BLANK_NAME;
    if (HARMLESS.has(key)) return undefined;
    throw new BlankError();
  },
  apply() {
    throw new BlankError();
  },
  construct() {
    throw new BlankError();
  },
};

/** The type of a blank fits everywhere, so that a cell can be run before it is filled in. */
type Anything = ReturnType<typeof JSON.parse>;

/** The blank itself. @example const name = ____; */
export const ____: Anything = new Proxy(function blank() {}, handler);

/** Whether a value is the blank. */
export function isBlank(value: unknown): boolean {
  return value === ____ || (typeof value === 'string' && /^\s*(_{2,}|\.{3}|…|)\s*$/.test(value));
}
