/** What is known of methods and globals by their names alone. */

/** Methods of arrays, maps, sets, buffers and variables that change what they are called on. */
const CHANGING_METHODS = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear append assign dispose'.split(
    ' ',
  ),
);

/** Methods that hand out a part of what they are called on, or itself: `rows.at(-1).push(1)` changes `rows`. */
const PART_METHODS = new Set('at get find findLast item values entries shift pop set add append'.split(' '));

/** Methods that call the functions given to them and keep none. */
const CALLING_METHODS = new Set(
  `map forEach filter reduce reduceRight some every find findIndex findLast findLastIndex flatMap sort toSorted
   then catch finally replace replaceAll from`.split(/\s+/),
);

/** Functions that change their first argument, by the name of the object they belong to. */
const CHANGING_FUNCTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf']),
  Reflect: new Set(['set', 'defineProperty', 'deleteProperty', 'setPrototypeOf']),
  Atomics: new Set(['store', 'add', 'sub', 'and', 'or', 'xor', 'exchange']),
};

/** Global functions whose effects cannot be judged or taken back, and what a notebook calls them. */
const EFFECTS: Readonly<Record<string, string>> = {
  $shell: '!command',
  $npm: '%npm',
  prompt: 'prompt',
};

/** Globals whose values differ from run to run. */
const OPEN_MEMBERS = new Set([
  'Math.random',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'crypto.randomBytes',
]);
const OPEN_GLOBALS = new Set(['fetch', 'prompt', '$shell', '$npm']);

/**
 * Whether a call of a method changes the method's object. Tensors have methods of the same names that do not: their
 * `add` is called for its value, and their `reverse` with axes.
 */
export function isChangingCall(
  method: string,
  call: { isValueUsed: boolean; argumentCount: number },
): boolean {
  if (method === 'add' && call.isValueUsed) return false;
  if (method === 'reverse' && call.argumentCount > 0) return false;
  return CHANGING_METHODS.has(method) || /^set[A-Z]/.test(method);
}

/** Whether a method of this name gives a part of its object. */
export function isPartMethod(name: string): boolean {
  return PART_METHODS.has(name);
}

/** Whether a method of this name keeps none of the functions given to it. */
export function isCallingMethod(name: string): boolean {
  return CALLING_METHODS.has(name);
}

/** Whether `object.method` changes its first argument. */
export function changesFirstArgument(object: string, method: string): boolean {
  return Object.hasOwn(CHANGING_FUNCTIONS, object) && CHANGING_FUNCTIONS[object]!.has(method);
}

/** The effect of a global function; undefined for all others. */
export function effectOf(name: string): string | undefined {
  return Object.hasOwn(EFFECTS, name) ? EFFECTS[name] : undefined;
}

/** Whether a global, or a member of one, gives other values every time. */
export function isOpenGlobal(name: string, member?: string): boolean {
  return member === undefined ? OPEN_GLOBALS.has(name) : OPEN_MEMBERS.has(`${name}.${member}`);
}
