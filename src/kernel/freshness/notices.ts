/** The words of the notices, and how they look. */
import { escapeHtml } from '../../text/escape-html.ts';
import type { Cell, Slot } from './nodes.ts';
import type { Plan } from './plan.ts';
import type { Reason } from './reasons.ts';

/** A notice in the two forms that front ends and exports show. */
export type NoticeData = { 'text/html': string; 'text/plain': string };

/** Cells and reasons named in one notice; the rest is counted. */
const MOST_NAMED = 12;
const TITLE_LENGTH = 60;
const CODE_LENGTH = 40;

/** No colour of its own for text and ground: it takes those of a light page and of a dark one. */
const STYLE = 'border-left: 4px solid #c98500; padding: 0.3em 0.8em; margin: 0.3em 0;';

/** What a notice shows when it has become untrue: nothing. */
export const NO_NOTICE: NoticeData = { 'text/html': '', 'text/plain': '' };

/**
 * What a cell is called: its first comment line, or else the beginning of its code.
 *
 * @example titleOf('// Blank 2: encode\nconst e = …') // 'Blank 2: encode'
 */
export function titleOf(text: string): string {
  const first = text.split('\n').find((line) => line.trim() !== '') ?? '';
  const comment = commentOf(first);
  if (comment) return cut(comment, TITLE_LENGTH);
  return cut(first.trim().replace(/[\s;{[(]+$/, ''), CODE_LENGTH);
}

function commentOf(line: string): string | undefined {
  return /^\s*(?:\/\/+|\/\*+)\s*(.*?)\s*(?:\*\/.*)?$/.exec(line)?.[1];
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}

/** Number and title of cells; code stands between backquotes. */
function listed(cells: readonly Cell[]): string {
  return some(
    cells.map(({ number, text }) => {
      const title = titleOf(text);
      const isComment = commentOf(text.trimStart().split('\n')[0]!) !== undefined;
      return isComment ? `${number} ${title}` : `${number} \`${title.replaceAll('`', "'")}\``;
    }),
  );
}

/** After a cell that put others out of date: those, in the order in which to run them again. */
export function staleNotice({ cells, byHand }: Plan): NoticeData {
  const how =
    byHand.length === cells.length
      ? 'Run these cells again, in this order.'
      : `Run these cells again, in this order, or all at once: %refresh in a cell of its own.${handNote(byHand)}`;
  return notice(`Out of date: ${listed(cells)}.`, how);
}

/** Before a cell that uses values which are out of date. */
export function reasonNotice(reasons: readonly Reason[], { cells, byHand }: Plan): NoticeData {
  const texts = [...new Set(reasons.map(reasonText))];
  const how =
    cells.length === 0
      ? 'The cell that made it is gone: write it again.'
      : `First run ${cellNumbers(cells)} again${byHand.length < cells.length ? ', or %refresh' : ''}.${handNote(byHand)}`;
  return notice(`Out of date: ${some(texts, '; ')}.`, how);
}

/** After `%refresh`: what is left to the person at the notebook. */
export function leftNotice({ cells, byHand }: Plan): NoticeData {
  return notice(`Still out of date: ${listed(cells)}.`, handNote(byHand).trim());
}

/** What `%auto` ran ahead of a cell. */
export function ranNotice(cells: readonly Cell[]): NoticeData {
  return notice(`Ran again first: ${listed(cells)}.`);
}

/** The answer to `%refresh` where there is nothing to do. */
export const FRESH_NOTICE: NoticeData = notice('Nothing has to run again.');

/** The answer to `%auto`. */
export function autoNotice(isOn: boolean): NoticeData {
  return notice(
    isOn
      ? 'From now on, a cell first runs again what it needs.'
      : 'From now on, cells run alone; what they need is named where it has to run again.',
  );
}

/** Why a name is out of date, in words. */
export function reasonText({ kind, slot, cause }: Reason): string {
  if (kind === 'gone') return `${named(slot)} is still there from a text of that cell which did make it`;
  if (kind === 'failed') return `${named(slot)} is from before that cell failed`;
  if (kind === 'lacks') return `${named(slot)} lacks what cell ${cause.cell.number} does to it`;
  if (kind === 'another') return `${named(slot)} has another value now`;
  return `${named(slot)} was made from an earlier ${named(cause)}`;
}

function named({ name, cell }: Slot): string {
  return `\`${name}\` (${cell.isDeleted ? 'a deleted cell' : `cell ${cell.number}`})`;
}

function handNote(byHand: readonly Cell[]): string {
  if (byHand.length === 0) return '';
  const effects = [...new Set(byHand.flatMap(({ effects }) => [...effects]))].join(', ');
  return ` ${capitalised(cellNumbers(byHand))} must be run by hand: ${effects}.`;
}

function cellNumbers(cells: readonly Cell[]): string {
  const numbers = cells.map(({ number }) => String(number));
  if (numbers.length === 1) return `cell ${numbers[0]}`;
  return `cells ${some(numbers)}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function some(texts: readonly string[], separator = ', '): string {
  const shown = texts.slice(0, MOST_NAMED).join(separator);
  return texts.length > MOST_NAMED ? `${shown}${separator}and ${texts.length - MOST_NAMED} more` : shown;
}

function notice(what: string, how = ''): NoticeData {
  const rest = how === '' ? '' : ` ${code(escapeHtml(how))}`;
  return {
    'text/html': `<div class="tsbert-notice" role="note" style="${STYLE}"><strong>${code(escapeHtml(what))}</strong>${rest}</div>`,
    'text/plain': how === '' ? what : `${what} ${how}`,
  };
}

/** Names in backquotes, and commands, as code. */
function code(html: string): string {
  return html
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/%(refresh|auto(?: on| off)?)\b/g, '<code>%$1</code>');
}
