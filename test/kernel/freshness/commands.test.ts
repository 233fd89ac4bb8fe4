/** The commands that a cell may begin with. */
import { describe, expect, it } from 'vitest';
import { notebookCommand } from '../../../src/kernel/freshness/commands.ts';

describe('notebookCommand()', () => {
  it.each([
    ['%refresh', 'refresh', ''],
    ['\n  // again\n%refresh  \n', 'refresh', '\n\n\n'],
    ['%auto on\nsim', 'auto on', '\nsim'],
    ['%auto   off\r\nsim', 'auto off', '\r\nsim'],
  ])('reads %j', (code, name, rest) => {
    expect(notebookCommand(code)).toEqual({ name, rest });
  });
  it.each([
    '%refreshed',
    '%auto',
    '%auto maybe',
    'a\n%refresh',
    '`\n%refresh`',
    'x %refresh',
    '%refresh now',
    '// %refresh',
  ])('leaves %j alone', (code) => {
    expect(notebookCommand(code)).toBe(undefined);
  });
});
