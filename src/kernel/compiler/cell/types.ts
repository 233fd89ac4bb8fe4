/** What the compiler takes and gives back: plain data that survives structured cloning between threads. */

/** A message of TypeScript about a cell, or about a local file the cell imports. Lines and columns start at 1. */
export interface Diagnostic {
  category: 'error' | 'warning';
  /** TypeScript's number, e.g. 2304. */
  code: number;
  message: string;
  line: number;
  column: number;
  /** UTF-16 length of the marked text. */
  length: number;
  /** Absolute path of the imported local file; absent when the cell itself is meant. */
  file?: string;
}

/** A version 3 source map, from the emitted JavaScript back to the text the user wrote. */
export interface SourceMapPayload {
  version: 3;
  file: string;
  sources: string[];
  sourcesContent: string[];
  names: string[];
  mappings: string;
}

/** JavaScript of a local TypeScript or JavaScript file which a cell imports, ready for `modules.ts` of the runner. */
export interface CompiledModule {
  /** Absolute path. */
  path: string;
  /** Hash of this file and of every local file that it reaches: a new version means "evaluate again". */
  version: string;
  js: string;
  sourceMap: SourceMapPayload;
}

/** What a piece of code does with top-level names while it runs. */
export interface Use {
  /** Names read; reading a function counts as calling it. */
  reads: Set<string>;
  /** Names handed on as they are (`const b = a`): read, but not called. */
  passes: Set<string>;
  /** Names whose functions may be called by way of this code's value: of an instance its class, of a result its maker. */
  holds: Set<string>;
  /** Names given another value. */
  assigns: Set<string>;
  /** Names whose value is changed in place: through a member, or by a method that is known to do so. */
  changes: Set<string>;
  /** Methods called on names which may be methods of the notebook's own classes. */
  methods: [name: string, method: string][];
  /** Names given to functions that may change them in place: the function, the parameter's index, the name. */
  arguments: [func: string, index: number, name: string][];
  /** Indexes of parameters that are changed in place; for functions only. */
  changedParameters: Set<number>;
  /** What else it does that cannot be judged or taken back: `!command`, `%npm`, `prompt`. */
  effects: Set<string>;
  /** Whether its values may differ although its inputs are the same: random numbers, answers, the network. */
  isOpen: boolean;
}

/** How a cell sets a name. */
export interface NameUse {
  /** Whether the cell declares it; otherwise it assigns to the name of another cell, or changes its value in place. */
  isDeclared: boolean;
  /** Whether it stands for another object afterwards. */
  isReplaced: boolean;
  /** Fingerprint of the statements that the value comes from. */
  code: string;
  /** What those statements read. */
  reads: Set<string>;
  passes: Set<string>;
}

/** What a cell does with top-level names, its own and those of other cells, told from its syntax alone. */
export interface CellUses {
  /** Fingerprint of the code without comments, layout and types. */
  code: string;
  /** What the cell does while it runs. */
  now: Use;
  /** What is done when a function, or a method of a class or an object, is called: by the name that it hangs on. */
  later: Map<string, Use>;
  /** Every name that the cell sets. */
  sets: Map<string, NameUse>;
  /** Names that share an object with another name: `const b = a`, `const row = table[0]`. */
  aliases: Map<string, string>;
  /** Methods that change the object they are called on, of classes and objects which the cell declares. */
  changingMethods: Set<string>;
}

export interface CompiledCell {
  /** The name shown in tracebacks: `In[7]`. */
  name: string;
  executionCount: number;
  /** The text of one async function expression; absent when `diagnostics` holds an error. */
  js?: string;
  sourceMap?: SourceMapPayload;
  diagnostics: Diagnostic[];
  /** Whether the cell ends in an expression, whose value is its result. */
  hasValue: boolean;
  /** Names of values and types that the cell declares. */
  declared: string[];
  /** The local files that the cell reaches through relative imports. */
  modules: CompiledModule[];
  /** What it does with names; absent when it does not run. */
  uses?: CellUses;
  /** Names a cell that runs before its types are known, for `recheck`. */
  unchecked?: string;
  /** Earlier cells that ran before their types were known, and have errors. */
  late: LateDiagnostics[];
}

/** Errors of a cell that were found after it had run. */
export interface LateDiagnostics {
  /** As `unchecked` of the compiled cell. */
  fileName: string;
  name: string;
  /** The cell as the user wrote it. */
  code: string;
  diagnostics: Diagnostic[];
}

export interface CompletionItem {
  text: string;
  /** TypeScript's kind: `function`, `const`, `property`, `module`, `keyword`… */
  kind: string;
}

export interface Completion {
  items: CompletionItem[];
  /** UTF-16 offsets of the text that a chosen item replaces. */
  start: number;
  end: number;
}

export interface Inspection {
  /** Signature or type, as TypeScript writes it. */
  signature: string;
  /** JSDoc text with its tags, in Markdown; empty when there is none. */
  documentation: string;
}

/** Answer to "may this code run as it stands?"; `indent` is what the next line should start with. */
export type Completeness =
  | { status: 'complete' | 'invalid' | 'unknown' }
  | { status: 'incomplete'; indent: string };

export interface Compiler {
  /**
   * Checks and translates a cell. Its declarations become visible to later cells unless it has errors. While types are
   * being loaded, a cell without imports is translated from its syntax alone.
   */
  compile(code: string, executionCount: number): CompiledCell;
  /** @param cursor UTF-16 offset. */
  complete(code: string, cursor: number): Completion;
  /** @param cursor UTF-16 offset. @returns undefined when nothing is known about that place. */
  inspect(code: string, cursor: number): Inspection | undefined;
  isComplete(code: string): Completeness;
  /** Loads types, and checks a cell that ran before they were there. @returns its errors */
  recheck(unchecked: string): LateDiagnostics | undefined;
  /**
   * One small step of what can be done while no cell waits: loads the types that all cells see, checks the cells that
   * ran before, loads the types of packages that will be wanted. @returns whether there is more to do
   */
  prepare(): boolean;
  dispose(): void;
}
