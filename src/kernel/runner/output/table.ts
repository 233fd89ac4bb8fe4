/** Lists of records as tables: HTML for the eye, text for everything else, cut at a limit. */
import { escapeHtml } from '../../../text/escape-html.ts';

/** Rows and columns that are shown. */
const MOST_ROWS = 50;
const MOST_COLUMNS = 30;

/** A row: values by column. */
type Row = Readonly<Record<string, unknown>>;

/** The table's representations. */
export function tableBundle(rows: readonly object[]): Record<string, string> {
  const known = rows as readonly Row[];
  return { 'text/html': htmlTable(known), 'text/plain': textTable(known) };
}

function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.slice(0, MOST_ROWS).flatMap((row) => Object.keys(row)))].slice(0, MOST_COLUMNS);
}

function htmlTable(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const head = columns.map((name) => `<th>${escapeHtml(name)}</th>`).join('');
  const body = rows.slice(0, MOST_ROWS).map((row) => {
    const cells = columns.map((name) => {
      const align = typeof row[name] === 'number' ? ' style="text-align: right"' : '';
      return `<td${align}>${escapeHtml(cellText(row[name]))}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const rest = omitted(rows);
  const note = rest ? `<p>${rest}</p>` : '';
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>${note}`;
}

function textTable(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const lines = [
    columns,
    ...rows.slice(0, MOST_ROWS).map((row) => columns.map((name) => cellText(row[name]))),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const isNumber = columns.map((name) =>
    rows.every((row) => ['number', 'undefined'].includes(typeof row[name])),
  );
  const text = lines.map((line) =>
    line
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return [...text, ...(omitted(rows) ? [omitted(rows)] : [])].join('\n');
}

function omitted({ length }: readonly Row[]): string {
  return length > MOST_ROWS ? `… and ${(length - MOST_ROWS).toLocaleString('en-US')} more rows` : '';
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
