/** A kernel process that tells what is out of date: every rule with its counter-example, over the wire. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/jupyter/messages.ts';
import { type Execution, isIdle, type RawClient, startRawClient } from '../support/raw-client.ts';

let client: RawClient;
beforeAll(async () => {
  client = await startRawClient();
});
afterAll(() => client.close());
/** A fresh runner, of which the kernel has told: each test has a notebook of its own. */
beforeEach(async () => {
  await client.execute('process.exit(0)');
  await client.execute('0');
});

/** A notebook in a front end: cells with ids, whose text may be edited. */
class Cells {
  readonly numbers = new Map<string, number>();
  deleted: string[] = [];
  readonly #prefix = `n${Math.random()}`;
  readonly #hasIds: boolean;
  readonly #texts = new Map<string, string>();

  constructor(texts: Record<string, string>, hasIds = true) {
    this.#hasIds = hasIds;
    for (const [id, text] of Object.entries(texts)) this.#texts.set(id, text);
  }

  edit(id: string, text: string): this {
    this.#texts.set(id, text);
    return this;
  }

  id(id: string): string {
    return `${this.#prefix}-${id}`;
  }

  async run(id: string, metadata: Record<string, unknown> = {}): Promise<Execution> {
    const { deleted } = this;
    this.deleted = [];
    const ids = this.#hasIds ? { cellId: this.id(id), deletedCells: deleted.map((one) => this.id(one)) } : {};
    const done = await client.execute(this.#texts.get(id)!, {}, { metadata: { ...ids, ...metadata } });
    if (done.reply.content.status === 'ok') this.numbers.set(id, Number(done.reply.content.execution_count));
    return done;
  }

  async runAll(...ids: string[]): Promise<Execution[]> {
    const done: Execution[] = [];
    for (const id of ids.length > 0 ? ids : this.#texts.keys()) done.push(await this.run(id));
    return done;
  }

  number(id: string): number {
    return this.numbers.get(id)!;
  }
}

const isNotice = ({ header, content }: Message) =>
  header.msg_type === 'display_data' &&
  String((content.data as Record<string, unknown>)['text/html']).includes('tsbert-notice');
const noticesOf = ({ outputs }: Execution) =>
  outputs
    .filter(isNotice)
    .map(({ content }) => String((content.data as Record<string, unknown>)['text/plain']));
const isWithout = (done: Execution[]) => done.every((one) => noticesOf(one).length === 0);
/** The cells that a notice lists: their names in the test, by their numbers. */
const listed = (cells: Cells, notice: string | undefined) => {
  const list = /^(?:Still o|O)ut of date: (.*?)\. /.exec(`${notice} `)?.[1] ?? '';
  const names = new Map([...cells.numbers].map(([id, number]) => [String(number), id]));
  return list.split(/, (?=\d)/).map((part) => names.get(part.split(' ')[0]!) ?? part);
};

const chain = () =>
  new Cells({
    sentences: "// The sentences\nconst sentences = ['he embraced', 'she swore'];",
    encode:
      '// Blank 2: encode the sentences\nconst embeddings = sentences.map((s) => s.length);\nembeddings',
    sim: '// The similarities\nconst sim = embeddings.map((a) => embeddings.map((b) => a * b));',
    heatmap: '// Heatmap\nJSON.stringify({ sim, sentences })',
  });
const EDITED = "// The sentences\nconst sentences = ['my teeth ache', 'she swore'];";

describe('after an edited cell', () => {
  it('lists what is out of date, in order, with numbers and titles, and the way to do it', async () => {
    const cells = chain();
    expect(isWithout(await cells.runAll())).toBe(true);
    const { outputs } = await cells.edit('sentences', EDITED).run('sentences');
    const n = (id: string) => cells.number(id);
    expect(isNotice(outputs.at(-1)!)).toBe(true);
    const { data } = outputs.at(-1)!.content as { data: Record<string, string> };
    expect(data['text/plain']).toBe(
      `Out of date: ${n('encode')} Blank 2: encode the sentences, ${n('sim')} The similarities, ${n('heatmap')} Heatmap. ` +
        'Run these cells again, in this order, or all at once: %refresh in a cell of its own.',
    );
    expect(data['text/html']).toContain('<code>%refresh</code>');
    expect(data['text/html']).not.toMatch(/color: *(#000|black|#fff|white)|background/);
  });

  it('says nothing in the cells that are run again, and takes the notice back when all have', async () => {
    const cells = chain();
    await cells.runAll();
    const { outputs } = await cells.edit('sentences', EDITED).run('sentences');
    const { display_id } = outputs.at(-1)!.content.transient as { display_id: string };
    const again = await cells.runAll('encode', 'sim', 'heatmap');
    expect(isWithout(again)).toBe(true);
    expect(again[2]!.result).toContain('[169,117]');
    const updates = again.map(({ outputs }) =>
      outputs.filter(({ header }) => header.msg_type === 'update_display_data'),
    );
    expect(updates.map((list) => list.length)).toEqual([0, 0, 1]);
    expect(updates[2]![0]!.content).toMatchObject({
      transient: { display_id },
      data: { 'text/plain': '', 'text/html': '' },
    });
    expect(isWithout(await cells.runAll())).toBe(true);
  });

  it('tells again when the cell runs again, for its output was cleared', async () => {
    const cells = chain();
    await cells.runAll();
    await cells.edit('sentences', EDITED).run('sentences');
    expect(listed(cells, noticesOf(await cells.run('sentences'))[0])).toEqual(['encode', 'sim', 'heatmap']);
    await cells.run('encode');
    expect(listed(cells, noticesOf(await cells.run('sentences'))[0])).toEqual(['sim', 'heatmap']);
  });

  it('is good again when the edit is undone', async () => {
    const cells = chain();
    await cells.runAll();
    await cells.edit('sentences', EDITED).run('sentences');
    cells.edit('sentences', "// The sentences\nconst sentences = ['he embraced', 'she swore'];");
    expect(isWithout(await cells.runAll('sentences', 'heatmap'))).toBe(true);
  });

  it.each([
    ['a comment', "// Others\nconst sentences = ['he embraced', 'she swore'];"],
    ['the layout', "const sentences = [\n  'he embraced',\n  'she swore',\n];"],
    ['a type', "const sentences: string[] = ['he embraced', 'she swore'];"],
    ['another name', "const sentences = ['he embraced', 'she swore']; const heading = 'x';"],
    ['what it shows', "const sentences = ['he embraced', 'she swore'];\nconsole.log(sentences.length)"],
  ])('has no word for an edit of %s', async (_what, text) => {
    const cells = chain();
    await cells.runAll();
    expect(isWithout([await cells.edit('sentences', text).run('sentences')])).toBe(true);
    expect(isWithout(await cells.runAll('heatmap'))).toBe(true);
  });

  it('names those alone that are touched', async () => {
    const cells = new Cells({
      both: 'const left = 1; const right = 2;',
      l: 'const l = left + 1;',
      r: 'const r = right + 1;',
      shadow: 'const s = [5].map((left) => left + 1); { const left = 3; left; }',
      later: 'function addLeft(x: number) { return x + left }',
      call: 'addLeft(1)',
      other: 'addLeft.name',
    });
    await cells.runAll();
    cells.edit('both', 'const left = 10; const right = 2;');
    expect(listed(cells, noticesOf(await cells.run('both'))[0])).toEqual(['l', 'call', 'other']);
  });

  it('leaves out cells that wait to run, and names them when they are dropped', async () => {
    const cells = chain();
    await cells.runAll();
    const send = (id: string, code: string) =>
      client.send('execute_request', { code, allow_stdin: false }, { metadata: { cellId: cells.id(id) } });
    const ids = [
      await send('sentences', `await new Promise((done) => setTimeout(done, 200)); ${EDITED}`),
      await send('encode', 'const embeddings = sentences.map((s) => s.length);\nembeddings'),
      await send('sim', 'const sim = embeddings.map((a) => embeddings.map((b) => a * b));'),
      await send('heatmap', 'JSON.stringify({ sim, sentences })'),
    ];
    for (const id of ids) await client.reply(id);
    await client.until((message) => isIdle(message, ids[3]!));
    const texts = client.iopub
      .filter(({ parent_header }) => ids.includes(String(parent_header.msg_id)))
      .filter(isNotice);
    expect(texts).toEqual([]);
  });
});

describe('before a cell that uses what is out of date', () => {
  it('says which value was made from which earlier one', async () => {
    const cells = chain();
    await cells.runAll();
    await cells.edit('sentences', EDITED).run('sentences');
    const { outputs, types } = await cells.run('heatmap');
    expect(types).toEqual(['execute_input', 'display_data', 'execute_result']);
    const [notice] = outputs.filter(isNotice);
    const n = (id: string) => cells.number(id);
    expect((notice!.content.data as Record<string, string>)['text/plain']).toBe(
      `Out of date: \`sim\` (cell ${n('sim')}) was made from an earlier \`sentences\` (cell ${n('sentences')}). ` +
        `First run cells ${n('encode')}, ${n('sim')} again, or %refresh.`,
    );
  });

  it('names the nearest cause when the cells between were run again', async () => {
    const cells = chain();
    await cells.runAll();
    await cells.edit('sentences', EDITED).run('sentences');
    await cells.run('encode');
    expect(noticesOf(await cells.run('heatmap'))[0]).toContain(
      `\`sim\` (cell ${cells.number('sim')}) was made from an earlier \`embeddings\` (cell ${cells.number('encode')})`,
    );
  });

  it('keeps quiet where a name is only hidden by another, or comes from an import', async () => {
    const cells = new Cells({
      join: "import { join } from 'node:path';",
      a: 'const a = 1;',
      b: 'const b = a + 1;',
      use: "[1].map((b) => b); { const b = 2; b } join('x', 'y')",
    });
    await cells.runAll();
    await cells.edit('a', 'const a = 2;').run('a');
    expect(isWithout(await cells.runAll('join', 'use'))).toBe(true);
    expect(noticesOf(await cells.edit('use', 'b').run('use'))).toHaveLength(1);
  });

  it('follows functions to what they read when they are called, redeclared ones too', async () => {
    const cells = new Cells({
      n: 'let factor = 2;',
      f: 'function scale(x: number) { return x * factor }',
      use: 'const scaled = scale(10);',
      show: 'scaled',
    });
    await cells.runAll();
    await cells.edit('n', 'let factor = 3;').run('n');
    expect(noticesOf(await cells.run('show'))[0]).toContain(`was made from an earlier \`factor\``);
    expect((await cells.runAll('use', 'show'))[1]!.result).toBe('30');
    await cells.edit('f', 'function scale(x: number) { return x + 1 }').run('f');
    expect(noticesOf(await cells.run('show'))[0]).toContain(`was made from an earlier \`scale\``);
    await cells.runAll('use', 'show');
    // `factor` is nothing to the new function.
    expect(isWithout(await cells.edit('n', 'let factor = 4;').runAll('n', 'show'))).toBe(true);
  });

  it('sees changes in place, through members, methods, functions and other names for the same object', async () => {
    const cells = new Cells({
      list: 'const list = [3, 1, 2];',
      alias: 'const alias = list;',
      func: 'const grow = (rows: number[], by: number) => { rows.push(by) };',
      total: 'const total = list.reduce((a, b) => a + b, 0);',
      show: '[list.length, total]',
    });
    const edits: [string, string][] = [
      ['one', 'alias.push(4)'],
      ['two', 'list[0] = 7'],
      ['three', 'grow(list, 5)'],
      ['four', 'alias.sort()'],
    ];
    await cells.runAll();
    for (const [id, text] of edits) {
      await cells.edit(id, text).run(id);
      expect(noticesOf(await cells.run('show'))[0], text).toContain('was made from an earlier `list`');
      expect(isWithout(await cells.runAll('total', 'show')), text).toBe(true);
    }
    expect(
      isWithout(await cells.edit('five', '[...list].sort(); list.slice().reverse()').runAll('five', 'show')),
    ).toBe(true);
  });

  it('knows classes, their instances and closures over loops', async () => {
    const cells = new Cells({
      unit: "const unit = 'cm';",
      cls: 'class Table { rows: string[] = []; grow(x: string) { this.rows.push(x + unit); return this } }',
      make: "const table = new Table().grow('1'); const texts: (() => string)[] = []; for (let i = 0; i < 2; i++) texts.push(() => i + unit);",
      use: 'const first = table.rows[0] + texts[1]!();',
      show: 'first',
    });
    await cells.runAll();
    await cells.edit('unit', "const unit = 'mm';").run('unit');
    expect(noticesOf(await cells.run('show'))).toHaveLength(1);
    expect((await cells.runAll('make', 'use', 'show'))[2]!.result).toContain("'1mm1mm'");
    await cells.edit('more', "table.grow('2')").run('more');
    expect(noticesOf(await cells.run('show'))[0]).toContain('`first`');
  });

  it('knows `using`, destructuring and defaults', async () => {
    const cells = new Cells({
      config: 'const config = { depth: 2, names: ["a", "b"] };',
      parts: 'const { depth, names: [head = "none"], ...rest } = config;',
      using: 'using held = { depth, [Symbol.dispose]() {} };',
      show: '[depth, head, held.depth, rest]',
    });
    await cells.runAll();
    await cells.edit('config', 'const config = { depth: 3, names: ["c"] };').run('config');
    const [notice] = noticesOf(await cells.run('show'));
    for (const name of ['depth', 'head', 'held', 'rest']) expect(notice).toContain(`\`${name}\``);
    expect(isWithout(await cells.runAll('parts', 'using', 'show'))).toBe(true);
  });

  it('warns of a name that its cell does not make any more', async () => {
    const cells = new Cells({ a: 'const gone = 1; const stays = 2;', show: 'gone', other: 'stays' });
    await cells.runAll();
    expect(listed(cells, noticesOf(await cells.edit('a', 'const stays = 2;').run('a'))[0])).toEqual(['show']);
    expect(noticesOf(await cells.run('show'))[0]).toContain('`gone`');
    expect(isWithout(await cells.runAll('other'))).toBe(true);
  });

  it('warns of a value that a failed run has left behind', async () => {
    const cells = new Cells({
      a: 'const fail = 0;',
      b: 'if (fail) throw new Error("no"); const kept = fail + 1;',
      show: 'kept',
    });
    await cells.runAll();
    await cells.edit('a', 'const fail = 1;').run('a');
    expect((await cells.run('b')).reply.content.status).toBe('error');
    expect(noticesOf(await cells.run('show'))[0]).toMatch(/Out of date: `kept`/);
    await cells.edit('a', 'const fail = 0;').run('a');
    expect(isWithout(await cells.runAll('b', 'show'))).toBe(true);
  });

  it('warns when a list was made anew and what was added to it is missing', async () => {
    const cells = new Cells({ list: 'const bag: number[] = [1];', add: 'bag.push(2);', show: 'bag.length' });
    await cells.runAll();
    expect(isWithout(await cells.runAll())).toBe(true);
    await cells.run('list');
    expect(noticesOf(await cells.run('show'))[0]).toContain(
      `lacks what cell ${cells.number('add')} does to it`,
    );
    expect((await cells.runAll('list', 'add', 'show'))[2]!.result).toBe('2');
    expect(isWithout(await cells.runAll())).toBe(true);
  });
});

describe('without an edit', () => {
  it('finds nothing in a notebook that sets names again and again, run from top to bottom, twice', async () => {
    const cells = new Cells({
      a: 'let x = 1;',
      b: 'const y = x + 1;',
      c: 'y',
      d: 'x = 5;',
      e: '[x, y]',
      f: 'x++; const z = x;',
      g: 'const log: number[] = []; for (const i of [1, 2]) log.push(i * x);',
      h: 'log.push(z); log.length',
      i: 'function f() { return x + log.length } f()',
      j: 'function g() { return f() } const tmp = g();',
      k: 'const tmp = [y, z];',
      l: 'tmp',
    });
    expect(isWithout(await cells.runAll())).toBe(true);
    expect(isWithout(await cells.runAll())).toBe(true);
    const headless = new Cells({ a: 'let p = 1;', b: 'const q = p;', c: 'p = 2;', d: '[p, q]' }, false);
    expect(isWithout(await headless.runAll())).toBe(true);
  });

  it('finds nothing in a cell that gives other values each time, run from top to bottom', async () => {
    const cells = new Cells({
      a: 'const seed = Math.random();',
      b: 'const twice = seed * 2;',
      c: '[seed, twice]',
    });
    expect(isWithout([...(await cells.runAll()), ...(await cells.runAll())])).toBe(true);
    await cells.run('a');
    expect(noticesOf(await cells.run('c'))[0]).toContain('`twice`');
  });

  it('finds nothing when cells are first run out of order', async () => {
    const cells = new Cells({ late: 'typeof early', early: 'const early = 1;', show: 'early' });
    await cells.run('early');
    expect(isWithout(await cells.runAll('show', 'late', 'early', 'show'))).toBe(true);
  });
});

describe('cells without ids', () => {
  it('are recognised by their text', async () => {
    const cells = new Cells(
      { a: 'const width = 2;', b: 'const area = width * 3;', show: '[width, area]' },
      false,
    );
    expect(isWithout([...(await cells.runAll()), ...(await cells.runAll())])).toBe(true);
    await cells.edit('a', 'const width = 5;').run('a');
    expect(noticesOf(await cells.run('show'))[0]).toContain('`area`');
    expect(isWithout(await cells.runAll('b', 'show'))).toBe(true);
  });
});

describe('deleted cells', () => {
  it('are not named to be run again, but what they left is', async () => {
    const cells = chain();
    await cells.runAll();
    cells.deleted = ['encode'];
    expect(listed(cells, noticesOf(await cells.edit('sentences', EDITED).run('sentences'))[0])).toEqual([
      'sim',
      'heatmap',
    ]);
    expect(noticesOf(await cells.run('sim'))[0]).toContain(
      '`embeddings` (a deleted cell) was made from an earlier `sentences`',
    );
  });
});

describe('%refresh', () => {
  it('runs what is out of date in order, shows it below, and puts displays in the place of the old ones', async () => {
    const cells = new Cells({
      a: 'const base = 1;',
      b: 'const more = base + 1; await display(more);\nmore',
      c: 'console.log(more * 10)',
      d: 'base - 1',
    });
    const first = await cells.runAll();
    const shown = first[1]!.outputs.find(({ header }) => header.msg_type === 'display_data')!;
    await cells.edit('a', 'const base = 5;').run('a');
    const { outputs, types, stdout } = await client.execute('%refresh');
    expect(types.slice(1)).toEqual([
      'update_display_data',
      'display_data',
      'stream',
      'display_data',
      'update_display_data',
    ]);
    expect(outputs[1]!.content).toMatchObject({
      transient: shown.content.transient,
      data: { 'text/plain': '6' },
    });
    expect(stdout).toBe('60\n');
    expect(outputs[4]!.content.data).toMatchObject({ 'text/plain': '4' });
    expect(isWithout(await cells.runAll('b', 'c', 'd'))).toBe(true);
    const idle = await client.execute('%refresh');
    expect(noticesOf(idle)).toEqual(['Nothing has to run again.']);
  });

  it('starts values over that are added to, so that nothing is in them twice', async () => {
    const cells = new Cells({
      n: 'const added = 1;',
      list: 'const items: number[] = [];',
      add: 'items.push(added);',
      show: 'items.join()',
    });
    await cells.runAll();
    const notice = noticesOf(await cells.edit('n', 'const added = 2;').run('n'))[0];
    expect(listed(cells, notice)).toEqual(['list', 'add', 'show']);
    await client.execute('%refresh');
    expect((await cells.run('show')).result).toBe("'2'");
  });

  it('ends at the first error, with the number of its cell', async () => {
    const cells = new Cells({
      a: 'const ok = true;',
      b: 'if (!ok) throw new Error("bad"); const fine = ok;',
      c: 'fine',
    });
    await cells.runAll();
    await cells.edit('a', 'const ok = false as boolean;').run('a');
    const { reply, types } = await client.execute('%refresh\n"not reached"');
    expect(reply.content).toMatchObject({ status: 'error', ename: 'Error' });
    expect(reply.content.evalue).toMatch(new RegExp(`^Cell ${cells.number('b')} .*bad`));
    expect(types).not.toContain('execute_result');
  });

  it('can be interrupted', async () => {
    const cells = new Cells({
      a: 'const wait = 0;',
      b: 'const waited = await new Promise((done) => setTimeout(done, wait, 1));',
      c: 'waited',
    });
    await cells.runAll();
    await cells.edit('a', 'const wait = 60000;').run('a');
    const id = await client.send('execute_request', { code: '%refresh', allow_stdin: false });
    await client.until(
      ({ header, parent_header }) => parent_header.msg_id === id && header.msg_type === 'execute_input',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.request('interrupt_request', {}, { channel: 'control' });
    const reply = await client.reply(id);
    expect(reply.content.status).toBe('error');
    expect(reply.content.evalue).toMatch(new RegExp(`^Cell ${cells.number('b')} `));
    await client.execute('%auto off');
    await cells.edit('a', 'const wait = 0;').runAll('a', 'b', 'c');
  });

  it('does not run commands and questions by itself, nor what waits for them; it names them', async () => {
    const cells = new Cells({
      a: 'const text = "one";',
      b: 'const copy = text; $shell("echo " + copy);',
      c: 'const used = copy + "!";',
      d: 'text.length',
    });
    await cells.runAll();
    const [notice] = noticesOf(await cells.edit('a', 'const text = "three";').run('a'));
    expect(notice).toContain(`Cell ${cells.number('b')} must be run by hand: !command.`);
    const refreshed = await client.execute('%refresh');
    expect(refreshed.stdout).toBe('');
    expect(
      refreshed.outputs.map(({ content }) => (content.data as Record<string, string>)?.['text/plain']),
    ).toContain('5');
    expect(listed(cells, noticesOf(refreshed)[0])).toEqual(['b', 'c']);
    await cells.runAll('b', 'c');
  });
});

describe('%auto', () => {
  afterEach(async () => {
    await client.execute('%auto off');
  });

  it('runs first, silently, what a cell needs, and says so in one line', async () => {
    const cells = new Cells({
      a: 'const one = 1;',
      b: 'const two = one * 2; console.log("noise"); two',
      c: 'two',
    });
    await cells.runAll();
    await client.execute('%auto on');
    await cells.edit('a', 'const one = 4;').run('a');
    const done = await cells.run('c');
    expect(done.result).toBe('8');
    expect(done.stdout).toBe('');
    expect(noticesOf(done)).toEqual([
      `Ran again first: ${cells.number('b')} \`const two = one * 2; console.log("noise…\`.`,
    ]);
    await client.execute('%auto off');
    await cells.edit('a', 'const one = 5;').run('a');
    expect(noticesOf(await cells.run('c'))[0]).toContain('Out of date');
  });

  it('shows the errors of what it runs, with the number of the cell', async () => {
    const cells = new Cells({
      a: 'const limit = 1;',
      b: 'if (limit > 1) throw new Error("too much"); const half = limit / 2;',
      c: 'half',
    });
    await cells.runAll();
    await client.execute('%auto on');
    await cells.edit('a', 'const limit = 2;').run('a');
    const { reply, result } = await cells.run('c');
    expect(result).toBe(undefined);
    expect(reply.content.evalue).toMatch(new RegExp(`^Cell ${cells.number('b')} .*too much`));
  });

  it('does what a value needs when another cell has set the name anew', async () => {
    const cells = new Cells({ a: 'let key = "a";', b: 'const made = key + key;', c: '[key, made].join()' });
    await cells.runAll();
    await client.execute('%auto on');
    await cells.edit('d', 'key = "b";').run('d');
    expect((await cells.run('c')).result).toBe("'b,bb'");
  });
});

describe('tsbert.auto in metadata', () => {
  it('is read from the request', async () => {
    const fresh = await startRawClient();
    const run = (code: string, cellId: string, metadata = {}) =>
      fresh.execute(code, {}, { metadata: { cellId, ...metadata } });
    for (const [id, code] of Object.entries({ a: 'const q = 1;', b: 'const r = q + 1;', c: 'r' }))
      await run(code, id);
    await run('const q = 2;', 'a');
    expect((await run('r', 'c', { tsbert: { auto: true } })).result).toBe('3');
    await fresh.close();
  });

  it('is read from the notebook that Jupyter names', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const folder = mkdtempSync(join(tmpdir(), 'tsbert-setting-'));
    const path = join(folder, 'n.ipynb');
    const write = (auto: boolean) =>
      writeFileSync(path, JSON.stringify({ cells: [], metadata: { tsbert: { auto } } }));
    write(true);
    const fresh = await startRawClient({ env: { JPY_SESSION_NAME: path } });
    const run = (code: string, cellId: string) => fresh.execute(code, {}, { metadata: { cellId } });
    for (const [id, code] of Object.entries({ a: 'const q = 1;', b: 'const r = q + 1;', c: 'r' }))
      await run(code, id);
    await run('const q = 2;', 'a');
    expect((await run('r', 'c')).result).toBe('3');
    await fresh.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('the comm tsbert.freshness', () => {
  let comm_id: string;
  beforeEach(async () => {
    comm_id = `c${Math.random()}`;
    await client.send('comm_open', { comm_id, target_name: 'tsbert.freshness', data: {} });
  });
  afterEach(() => client.send('comm_close', { comm_id, data: {} }));

  const messages = () =>
    client.iopub.filter(
      ({ header, content }) => header.msg_type === 'comm_msg' && content.comm_id === comm_id,
    );

  it('tells at once, and after each change, which cells to run again, why, and in which order', async () => {
    await client.until(
      ({ header, content }) => header.msg_type === 'comm_msg' && content.comm_id === comm_id,
    );
    const cells = chain();
    await cells.runAll();
    const before = messages().length;
    await cells.edit('sentences', EDITED).run('sentences');
    const n = (id: string) => cells.number(id);
    const told = messages().at(-1)!.content.data as { out_of_date: { cell_id: string }[] };
    expect(messages().length).toBe(before + 1);
    const ours = told.out_of_date.filter(({ cell_id }) =>
      [...cells.numbers.keys()].some((id) => cells.id(id) === cell_id),
    );
    expect(ours).toEqual([
      {
        cell_id: cells.id('encode'),
        execution_count: n('encode'),
        title: 'Blank 2: encode the sentences',
        reasons: [`\`sentences\` (cell ${n('sentences')}) has another value now`],
        effects: [],
      },
      {
        cell_id: cells.id('sim'),
        execution_count: n('sim'),
        title: 'The similarities',
        reasons: [
          `\`embeddings\` (cell ${n('encode')}) was made from an earlier \`sentences\` (cell ${n('sentences')})`,
        ],
        effects: [],
      },
      {
        cell_id: cells.id('heatmap'),
        execution_count: n('heatmap'),
        title: 'Heatmap',
        reasons: [
          `\`sim\` (cell ${n('sim')}) was made from an earlier \`sentences\` (cell ${n('sentences')})`,
          `\`sentences\` (cell ${n('sentences')}) has another value now`,
        ],
        effects: [],
      },
    ]);
    await cells.runAll('encode', 'sim', 'heatmap');
    const after = messages().at(-1)!.content.data as { out_of_date: { cell_id: string }[] };
    expect(after.out_of_date.filter(({ cell_id }) => cell_id === cells.id('heatmap'))).toEqual([]);
  });
});

describe('a restarted runner', () => {
  it('forgets', async () => {
    const cells = chain();
    await cells.runAll();
    await cells.edit('sentences', EDITED).run('sentences');
    await client.execute('process.exit(1)');
    expect(noticesOf(await client.execute('%refresh'))).toEqual(['Nothing has to run again.']);
    expect(isWithout(await cells.runAll())).toBe(true);
  });
});

describe('TSBERT_FRESHNESS=off', () => {
  it('watches nothing', async () => {
    const off = await startRawClient({ env: { TSBERT_FRESHNESS: 'off' } });
    const run = (code: string, cellId: string) => off.execute(code, {}, { metadata: { cellId } });
    for (const [id, code] of Object.entries({ a: 'const q = 1;', b: 'const r = q + 1;', c: 'r' }))
      await run(code, id);
    expect((await run('const q = 2;', 'a')).types).toEqual(['execute_input']);
    expect((await run('r', 'c')).types).toEqual(['execute_input', 'execute_result']);
    await off.close();
  });
});
