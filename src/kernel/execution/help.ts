/** Inspection: what the compiler knows of a name, for tooltips and for cells like `Math.max?`. */
import type { InspectReply, InspectRequest } from '../../jupyter/messages.ts';
import type { CompilerHost } from '../compiler/client.ts';
import { toUtf16Offset } from './code-points.ts';

/**
 * The name that a help cell asks about.
 *
 * @example
 * helpTopic('Math.max?') // 'Math.max'
 * helpTopic('?model') // 'model'
 */
export function helpTopic(code: string): string | undefined {
  const match =
    /^\s*(?:\?{1,2}\s*([\p{ID_Start}$_][\p{ID_Continue}$.]*)|([\p{ID_Start}$_][\p{ID_Continue}$.]*)\?{1,2})\s*$/u;
  const [, before, after] = match.exec(code) ?? [];
  return before ?? after;
}

/** The payload that makes a front end show help on `topic` in its pager. */
export async function pageHelp({ compiler }: { compiler: CompilerHost }, topic: string): Promise<unknown[]> {
  const { found, data } = await inspectCode(compiler, {
    code: topic,
    cursor_pos: topic.length,
    detail_level: 1,
  });
  const shown = found
    ? data
    : { 'text/plain': `Nothing is known about ${topic}. Run the cell that declares it first.` };
  return [{ source: 'page', start: 0, data: shown }];
}

/** Answers an `inspect_request`. */
export async function inspectCode(
  compiler: CompilerHost,
  { code, cursor_pos }: InspectRequest,
): Promise<InspectReply> {
  const found = await compiler.inspect(code, toUtf16Offset(code, cursor_pos));
  if (found === undefined) return { status: 'ok', found: false, data: {}, metadata: {} };
  const { signature, documentation } = found;
  const data = {
    'text/plain': [signature, documentation].filter(Boolean).join('\n\n'),
    'text/markdown': [`\`\`\`typescript\n${signature}\n\`\`\``, documentation].filter(Boolean).join('\n\n'),
  };
  return { status: 'ok', found: true, data, metadata: {} };
}
