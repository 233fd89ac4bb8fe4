/**
 * The file that TypeScript sees for a cell: the user's text between one line that imports what the cell uses of earlier
 * cells, and one that exports what it declares. Types thus flow from cell to cell as they do between modules.
 */

import {
  assignedNames,
  type DeclarationKind,
  identifierTexts,
  type Meaning,
  readDeclarations,
  resultStatement,
} from './declarations.ts';
import { moduleReferences } from './module-references.ts';
import { parseCell } from './typescript-internals.ts';

/** Where a visible name was declared. */
export interface NameOrigin {
  /** The module name of the declaring cell: `In[3]`. */
  cell: string;
  kind: DeclarationKind;
  meaning: Meaning;
  /** The cell that declares the type of this name, where that is another one than the value's. */
  typeCell?: string;
}

/** A virtual file for questions about unfinished code. */
export interface DraftSource {
  /** The whole text of the virtual file. */
  text: string;
  /** Length of the line in front of the user's text. */
  prefixLength: number;
}

export interface CellSource extends DraftSource {
  /** UTF-16 length of the user's text. */
  codeLength: number;
  declared: Map<string, DeclarationKind>;
  meanings: Map<string, Meaning>;
  /** Names that live on the notebook's shared object: those declared here, and those of earlier cells used here. */
  shared: Set<string>;
  /** Whether the cell changes what other files see. */
  isAmbient: boolean;
  /** The modules that the cell names. */
  modules: readonly string[];
  hasResult: boolean;
  /** Whether the cell starts with `// @ts-nocheck`. */
  isUnchecked: boolean;
  identifiers: ReadonlySet<string>;
}

/** Builds the virtual file of a cell. */
export function buildCellSource(code: string, names: ReadonlyMap<string, NameOrigin>): CellSource {
  const parsed = parseCell(code);
  const { declared, meanings, exported, isAmbient } = readDeclarations(parsed);
  const identifiers = identifierTexts(parsed);
  const used = [...identifiers].filter((name) => names.has(name) && !declared.has(name));
  const assigned = usesVariables(used, names) ? assignedNames(parsed) : new Set<string>();
  const halves = [...declared.keys()].map((name) => otherHalf(name, meanings.get(name)!, names.get(name)));
  const prefix = importLine(used, names, assigned, halves.join(''));
  const exports = [...declared.keys()].filter((name) => !exported.has(name));
  const shared = [
    ...used.filter((name) => names.get(name)!.kind !== 'ambient'),
    ...[...declared].filter(([, kind]) => kind !== 'ambient').map(([name]) => name),
  ];
  return {
    text: `${prefix}${code}\n;export { ${exports.join(', ')} };\n`,
    prefixLength: prefix.length,
    codeLength: code.length,
    declared,
    meanings,
    shared: new Set(shared),
    isAmbient,
    modules: moduleReferences(parsed).map(({ text }) => text),
    hasResult: resultStatement(parsed) !== undefined,
    isUnchecked: parsed.checkJsDirective?.enabled === false,
    identifiers,
  };
}

/** Code that is being typed: every earlier name is offered, nothing is exported. */
export function buildDraftSource(code: string, names: ReadonlyMap<string, NameOrigin>): DraftSource {
  const { declared } = readDeclarations(parseCell(code));
  const used = [...names.keys()].filter((name) => !declared.has(name));
  const prefix = importLine(used, names, new Set(), '');
  return { text: `${prefix}${code}`, prefixLength: prefix.length };
}

function isVariable(kind: DeclarationKind): boolean {
  return kind === 'variable' || kind === 'constant';
}

function usesVariables(used: readonly string[], names: ReadonlyMap<string, NameOrigin>): boolean {
  return used.some((name) => isVariable(names.get(name)!.kind));
}

/**
 * One line of imports. A variable that the cell assigns to is declared instead: imports are constants, and a declared
 * variable is checked and narrowed as one of the cell's own.
 */
function importLine(
  used: readonly string[],
  names: ReadonlyMap<string, NameOrigin>,
  assigned: ReadonlySet<string>,
  halves: string,
): string {
  const imports = new Map<string, string[]>();
  const declarations: string[] = [];
  for (const name of used) {
    const { cell, kind, typeCell } = names.get(name)!;
    if (typeCell !== undefined) imports.set(typeCell, [...(imports.get(typeCell) ?? []), name]);
    if (typeCell !== undefined || (isVariable(kind) && assigned.has(name))) {
      declarations.push(declareValue(name, cell, kind));
    } else {
      imports.set(cell, [...(imports.get(cell) ?? []), name]);
    }
  }
  const lines = [...imports].map(
    ([cell, list]) => `import { ${list.join(', ')} } from ${JSON.stringify(cell)};`,
  );
  return `export {}; ${[...lines, ...declarations].join(' ')}${halves}\n`;
}

function declareValue(name: string, cell: string, kind: DeclarationKind): string {
  const keyword = kind === 'variable' ? 'let' : 'const';
  return `declare ${keyword} ${name}: typeof import(${JSON.stringify(cell)}).${name};`;
}

/** A cell that declares a type goes on seeing an earlier value of that name, and the other way round. */
function otherHalf(name: string, meaning: Meaning, before: NameOrigin | undefined): string {
  if (before === undefined) return '';
  const typeCell = before.typeCell ?? (before.meaning === 'type' ? before.cell : undefined);
  if (meaning === 'type' && before.meaning === 'value') return declareValue(name, before.cell, before.kind);
  if (meaning === 'value' && typeCell !== undefined)
    return ` import { ${name} } from ${JSON.stringify(typeCell)};`;
  return '';
}

/** The origin of a name once a cell has declared it (again). */
export function nextOrigin(next: NameOrigin, before: NameOrigin | undefined): NameOrigin {
  if (before === undefined) return next;
  // The cell of the type declares the value too: see `otherHalf`.
  if (next.meaning === 'type' && before.meaning === 'value')
    return { ...next, kind: before.kind, meaning: 'both' };
  const typeCell = before.typeCell ?? (before.meaning === 'type' ? before.cell : undefined);
  return next.meaning === 'value' && typeCell !== undefined ? { ...next, typeCell } : next;
}
