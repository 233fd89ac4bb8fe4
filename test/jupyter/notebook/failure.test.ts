/** Finding the failing line in a traceback. */
import { describe, expect, it } from 'vitest';
import { describeFailure, firstLineOfCode } from '../../../src/jupyter/notebook/failure.ts';

const cell = {
  cellIndex: 9,
  cellNumber: 4,
  executionCount: 4,
  source: '// a comment\nconst x = f();\n  g(x);\n',
};
const failWith = (...traceback: string[]) =>
  describeFailure(cell, { ename: 'Error', evalue: 'no', traceback });

describe('describeFailure()', () => {
  it('takes our traceback’s nearest call in the cell itself', () => {
    const failure = failWith(
      'Error: no',
      '    at g (\x1b[36mIn[2]:1:9\x1b[0m)',
      '    at In[4]:3:3',
      '    at In[4]:2:1',
    );
    expect(failure).toMatchObject({ cellIndex: 9, cellNumber: 4, line: 3, sourceLine: 'g(x);' });
  });

  it('takes IPython’s last frame in the cell', () => {
    expect(failWith('\x1b[31mCell In[4], line 2\x1b[0m', 'Cell In[3], line 1')).toMatchObject({ line: 2 });
  });

  it('falls back to the first line of code', () => {
    expect(failWith('Error: no')).toMatchObject({ sourceLine: 'const x = f();' });
    expect(failWith('Error: no')).not.toHaveProperty('line');
  });
});

describe('firstLineOfCode()', () => {
  it('skips comments, unless there is nothing else', () => {
    expect(firstLineOfCode('\n// why\n/* more\n * text */\n  run();')).toBe('run();');
    expect(firstLineOfCode('# python\nrun()')).toBe('run()');
    expect(firstLineOfCode('// only this')).toBe('// only this');
  });
});
