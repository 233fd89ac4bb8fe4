/** Completion and inspection: TypeScript's language service, asked about a draft of a cell. */

import type { Completion, Inspection } from '../cell/types.ts';
import { ts } from '../typescript/typescript.ts';

/** A draft that has been added to the program. @param offset from the draft's text to the virtual file's */
export interface Draft {
  service: ts.LanguageService;
  fileName: string;
  offset: number;
}

const preferences: ts.UserPreferences = {
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: false,
  importModuleSpecifierEnding: 'js',
};

/** What may be typed at the cursor, best first. */
export function completionsAt(draft: Draft, code: string, cursor: number): Completion {
  const { service, fileName, offset } = draft;
  const info = service.getCompletionsAtPosition(fileName, cursor + offset, preferences);
  const all = info?.entries ?? [];
  // Parts of module paths and string literals say themselves what they replace.
  const span = all[0]?.replacementSpan ?? info?.optionalReplacementSpan;
  const start = span === undefined ? wordStart(code, cursor) : span.start - offset;
  const end = span === undefined ? cursor : Math.max(cursor, span.start + span.length - offset);
  const typed = code.slice(start, cursor).toLowerCase();
  const entries = all.filter(({ name }) => name.toLowerCase().startsWith(typed));
  entries.sort((a, b) => (a.sortText < b.sortText ? -1 : a.sortText > b.sortText ? 1 : 0));
  return { items: entries.map(({ name, kind }) => ({ text: name, kind })), start, end };
}

/** Where the name that ends at the cursor begins. */
function wordStart(code: string, cursor: number): number {
  return cursor - /[\p{ID_Continue}$]*$/u.exec(code.slice(0, cursor))![0].length;
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
    signature: withoutAlias(ts.displayPartsToString(info.displayParts)),
    documentation: documentation(ts.displayPartsToString(info.documentation), info.tags ?? []),
  };
}

/** Names of earlier cells are imports to TypeScript, but not to the person who wrote them. */
function withoutAlias(signature: string): string {
  return signature.replace(/^\(alias\) ([\s\S]*)\nimport .*$/, '$1');
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
