/** Completion and inspection: TypeScript's language service, asked about a draft of a cell. */
import ts from 'typescript';
import type { Completion, Inspection } from './types.ts';

/** A draft that has been added to the program. @param offset from the draft's text to the virtual file's */
export interface Draft {
  service: ts.LanguageService;
  fileName: string;
  offset: number;
}

const preferences: ts.UserPreferences = {
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: false,
  includeInlayParameterNameHints: 'none',
};

/** What may be typed at the cursor, best first. */
export function completionsAt(draft: Draft, code: string, cursor: number): Completion {
  const { service, fileName, offset } = draft;
  const info = service.getCompletionsAtPosition(fileName, cursor + offset, preferences);
  const word = info?.optionalReplacementSpan;
  const start = word === undefined ? wordStart(code, cursor) : word.start - offset;
  const end = word === undefined ? cursor : Math.max(cursor, word.start + word.length - offset);
  const typed = code.slice(start, cursor).toLowerCase();
  const entries = (info?.entries ?? []).filter(({ name }) => name.toLowerCase().startsWith(typed));
  const order = (entry: ts.CompletionEntry) => entry.sortText;
  entries.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  return { items: entries.map(({ name, kind }) => ({ text: name, kind })), start, end };
}

/** Where the name that ends at the cursor begins; in a module path, its last part. */
function wordStart(code: string, cursor: number): number {
  return cursor - /[\p{ID_Continue}$-]*$/u.exec(code.slice(0, cursor))![0].length;
}

/** Signature and documentation of the name at, or just before, the cursor; within a call, of the called function. */
export function inspectionAt(draft: Draft, code: string, cursor: number): Inspection | undefined {
  const before = Math.max(0, cursor - 1);
  const places = /[\p{ID_Continue}$]/u.test(code[cursor] ?? '') ? [cursor, before] : [before, cursor];
  for (const place of places) {
    const info = draft.service.getQuickInfoAtPosition(draft.fileName, place + draft.offset);
    if (info !== undefined) return describeQuickInfo(info);
  }
  return calledFunction(draft, cursor);
}

function describeQuickInfo(info: ts.QuickInfo): Inspection {
  return {
    signature: ts.displayPartsToString(info.displayParts),
    documentation: documentation(ts.displayPartsToString(info.documentation), info.tags ?? []),
  };
}

function calledFunction({ service, fileName, offset }: Draft, cursor: number): Inspection | undefined {
  const help = service.getSignatureHelpItems(fileName, cursor + offset, undefined);
  const item = help?.items[help.selectedItemIndex];
  if (item === undefined) return undefined;
  const join = (parts: ts.SymbolDisplayPart[]) => ts.displayPartsToString(parts);
  const parameters = item.parameters.map((it) => join(it.displayParts));
  return {
    signature: [
      join(item.prefixDisplayParts),
      parameters.join(join(item.separatorDisplayParts)),
      join(item.suffixDisplayParts),
    ].join(''),
    documentation: documentation(join(item.documentation), item.tags),
  };
}

/** Text and tags of a JSDoc comment as Markdown. */
function documentation(text: string, tags: readonly ts.JSDocTagInfo[]): string {
  const lines = tags.map((tag) => {
    const value = ts.displayPartsToString(tag.text);
    if (tag.name === 'example') return `**@example**\n${value.includes('```') ? value : fence(value)}`;
    return `**@${tag.name}** ${value}`.trimEnd();
  });
  return [text, ...lines].filter((part) => part !== '').join('\n\n');
}

function fence(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``;
}
