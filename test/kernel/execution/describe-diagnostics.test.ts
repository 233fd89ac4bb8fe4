/** Type errors are told with place, number and code frame. */
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { describeDiagnostics } from '../../../src/kernel/execution/describe-diagnostics.ts';

const diagnostic = {
  category: 'error',
  code: 2322,
  message: 'Wrong type.',
  line: 2,
  column: 5,
  length: 1,
} as const;
const cell = { name: 'In[3]', executionCount: 3, hasValue: false, declared: [], modules: [] };
const plain = stripVTControlCharacters;

it('describeDiagnostics() marks the place in the cell', () => {
  const { ename, evalue, traceback } = describeDiagnostics(
    { ...cell, diagnostics: [diagnostic] },
    'let a;\nlet b = 1;',
  );
  expect(ename).toBe('TypeScriptError');
  expect(evalue).toBe('In[3]:2:5: Wrong type.');
  expect(plain(traceback.join('\n'))).toBe(
    ['In[3]:2:5 error TS2322: Wrong type.', '  1 | let a;', '> 2 | let b = 1;', '    |     ^'].join('\n'),
  );
});

it('describeDiagnostics() calls syntax errors by their name, and counts what it does not show', () => {
  const diagnostics = Array.from({ length: 12 }, () => ({ ...diagnostic, code: 1005 }));
  const { ename, traceback } = describeDiagnostics({ ...cell, diagnostics }, 'a\nb');
  expect(ename).toBe('SyntaxError');
  expect(traceback).toHaveLength(4);
  expect(traceback.at(-1)).toBe('and 9 more');
});
