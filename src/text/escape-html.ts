/** Text put into HTML. */

/** Escapes what would be markup, in element content and in quoted attributes. @example escapeHtml('a < b') // 'a &lt; b' */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
