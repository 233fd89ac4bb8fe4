/**
 * Global names of Node that neither TypeScript's library files for ECMAScript nor the types of the oldest supported
 * Node declare. Each is declared where the running Node has it.
 */

const CRYPTO = "import('node:crypto').webcrypto";

/** A class of which Node itself makes the instances. */
const opaque = (name: string, type: string) =>
  `type ${name} = ${type};\ndeclare const ${name}: abstract new (...args: never) => ${name};`;

const DECLARATIONS: Readonly<Record<string, string>> = {
  Performance: opaque('Performance', "import('node:perf_hooks').Performance"),
  Crypto: opaque('Crypto', `${CRYPTO}.Crypto`),
  CryptoKey: opaque('CryptoKey', `${CRYPTO}.CryptoKey`),
  SubtleCrypto: opaque('SubtleCrypto', `${CRYPTO}.SubtleCrypto`),
  Navigator: `
interface Navigator {
  readonly hardwareConcurrency: number;
  readonly language: string;
  readonly languages: readonly string[];
  readonly platform: string;
  readonly userAgent: string;
}
declare const Navigator: abstract new (...args: never) => Navigator;`,
  navigator: 'declare const navigator: Navigator;',
  CloseEvent: `
declare class CloseEvent extends Event {
  constructor(type: string, init?: { code?: number; reason?: string; wasClean?: boolean });
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}`,
  URLPattern: `
interface URLPatternPart { input: string; groups: Record<string, string | undefined> }
declare class URLPattern {
  constructor(pattern?: string | Record<string, string>, base?: string | object, options?: { ignoreCase?: boolean });
  test(input?: string | object, base?: string): boolean;
  exec(input?: string | object, base?: string): (Record<'protocol' | 'username' | 'password' | 'hostname' | 'port' |
    'pathname' | 'search' | 'hash', URLPatternPart> & { inputs: unknown[] }) | null;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  readonly hasRegExpGroups: boolean;
}`,
  WebAssembly: `
declare namespace WebAssembly {
  type Bytes = ArrayBuffer | ArrayBufferView;
  type Imports = Record<string, Record<string, unknown>>;
  type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'anyfunc' | 'externref';
  interface ModuleExportDescriptor { name: string; kind: 'function' | 'table' | 'memory' | 'global' | 'tag' }
  interface ModuleImportDescriptor extends ModuleExportDescriptor { module: string }
  interface InstantiatedSource { instance: Instance; module: Module }
  class Module {
    constructor(bytes: Bytes);
    static exports(module: Module): ModuleExportDescriptor[];
    static imports(module: Module): ModuleImportDescriptor[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    /** Functions, memories, tables and globals by name. */
    readonly exports: Record<string, any>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Table {
    constructor(descriptor: { element: 'anyfunc' | 'externref'; initial: number; maximum?: number }, value?: any);
    readonly length: number;
    get(index: number): any;
    grow(by: number, value?: any): number;
    set(index: number, value?: any): void;
  }
  class Global<T = any> {
    constructor(descriptor: { value: ValueType; mutable?: boolean }, value?: T);
    value: T;
    valueOf(): T;
  }
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}
  function compile(bytes: Bytes): Promise<Module>;
  function compileStreaming(source: Response | Promise<Response>): Promise<Module>;
  function instantiate(bytes: Bytes, imports?: Imports): Promise<InstantiatedSource>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function instantiateStreaming(source: Response | Promise<Response>, imports?: Imports): Promise<InstantiatedSource>;
  function validate(bytes: Bytes): boolean;
}`,
};

/** Declarations of the names that `globals` has. */
export function nodeGlobals(globals: object = globalThis): string {
  const there = Object.entries(DECLARATIONS).filter(([name]) => name in globals);
  return there.map(([, declaration]) => declaration).join('\n');
}
