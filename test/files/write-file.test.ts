/** The writer of files: what it follows, keeps, refuses and leaves behind. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileWriteError } from '../../src/files/errors.ts';
import { placeWhole, writeWhole } from '../../src/files/write-file.ts';

const isRoot = process.getuid?.() === 0;
/** The compiled writer, for processes of their own. */
const compiled = new URL('../../dist/files/write-file.js', import.meta.url).href;
const onLinux = process.platform === 'linux';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsbert-files-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

/** A file system of 64 KB, or why there is none. */
function mountSmall(): string | undefined {
  if (!onLinux || !isRoot) return undefined;
  mkdirSync(at('small'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at('small')], { stdio: 'ignore' });
    return at('small');
  } catch {
    return undefined;
  }
}

describe('writeWhole()', () => {
  it('makes the folders on the way, and leaves nothing but the file', async () => {
    await writeWhole(at('a/b/c.txt'), 'text');
    expect(readFileSync(at('a/b/c.txt'), 'utf8')).toBe('text');
    expect(readdirSync(at('a/b'))).toEqual(['c.txt']);
  });

  it('takes names as long as names can be', async () => {
    const name = 'n'.repeat(255);
    await writeWhole(at(name), 'text');
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('refuses a folder in words, and leaves nothing behind', async () => {
    mkdirSync(at('target'));
    const writing = writeWhole(at('target'), 'text');
    await expect(writing).rejects.toThrow(/target cannot be written: it is a folder. Name a file in it/);
    await expect(writing).rejects.toBeInstanceOf(FileWriteError);
    expect(readdirSync(folder)).toEqual(['target']);
  });

  it('refuses a path through a file in words', async () => {
    writeFileSync(at('file'), '');
    await expect(writeWhole(at('file/a.txt'), 'text')).rejects.toThrow(/a file stands where its folder/);
  });
});

describe.skipIf(process.platform === 'win32')('writeWhole() on POSIX systems', () => {
  it('follows links, also to a file that is not there yet', async () => {
    writeFileSync(at('real.txt'), 'old');
    symlinkSync('real.txt', at('link'));
    symlinkSync('link', at('link-to-link'));
    symlinkSync('later/new.txt', at('dangling'));
    await writeWhole(at('link-to-link'), 'new');
    await writeWhole(at('dangling'), 'made');
    expect(readFileSync(at('real.txt'), 'utf8')).toBe('new');
    expect(readFileSync(at('later/new.txt'), 'utf8')).toBe('made');
    for (const name of ['link', 'link-to-link', 'dangling']) {
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
    }
  });

  it('refuses a circle of links in words', async () => {
    symlinkSync('b', at('a'));
    symlinkSync('a', at('b'));
    await expect(writeWhole(at('a'), 'text')).rejects.toThrow(/its links lead in a circle/);
  });

  it('keeps the mode', async () => {
    writeFileSync(at('secret.txt'), 'old');
    chmodSync(at('secret.txt'), 0o600);
    await writeWhole(at('secret.txt'), 'new');
    expect(statSync(at('secret.txt')).mode & 0o777).toBe(0o600);
  });

  if (!isRoot) console.log('writeWhole() on owners is skipped: only root gives files away');
  it.skipIf(!isRoot)('keeps owner and group', async () => {
    writeFileSync(at('theirs.txt'), 'old');
    chownSync(at('theirs.txt'), 4321, 4322);
    await writeWhole(at('theirs.txt'), 'new');
    expect(statSync(at('theirs.txt'))).toMatchObject({ uid: 4321, gid: 4322 });
    expect(readFileSync(at('theirs.txt'), 'utf8')).toBe('new');
  });

  if (isRoot) console.log('writeWhole() on permissions is skipped: root may write everything');
  it.skipIf(isRoot)(
    'writes into a file whose folder takes no new one, and not into a protected one',
    async () => {
      mkdirSync(at('shut'));
      writeFileSync(at('shut/open.txt'), 'old text that is longer');
      writeFileSync(at('protected.txt'), 'old');
      chmodSync(at('shut'), 0o500);
      chmodSync(at('protected.txt'), 0o400);
      await writeWhole(at('shut/open.txt'), 'new');
      await expect(writeWhole(at('protected.txt'), 'new')).rejects.toThrow(/may not be written by you/);
      expect(readFileSync(at('shut/open.txt'), 'utf8')).toBe('new');
      expect(readFileSync(at('protected.txt'), 'utf8')).toBe('old');
      chmodSync(at('shut'), 0o700);
    },
  );

  it('writes to a pipe and does not replace it', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reading = readFile(at('pipe'), 'utf8');
    await writeWhole(at('pipe'), 'through');
    expect(await reading).toBe('through');
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['pipe']);
  });

  it('writes to a device and does not replace it', async () => {
    await writeWhole('/dev/null', 'text');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.runIf(onLinux)(
    'writes to a name of standard output that leads to a file, behind what is there',
    async () => {
      writeFileSync(
        at('write.mjs'),
        `import { writeWhole } from ${JSON.stringify(compiled)};
      console.log('before');
      await writeWhole(${JSON.stringify(at('stdout'))}, 'text\\n');
      console.log('after');`,
      );
      symlinkSync('/proc/self/fd/1', at('stdout'));
      execFileSync('sh', ['-c', '"$0" "$1" > "$2"', process.execPath, at('write.mjs'), at('out.txt')]);
      expect(readFileSync(at('out.txt'), 'utf8')).toBe('before\ntext\nafter\n');
      expect(lstatSync(at('stdout')).isSymbolicLink()).toBe(true);
    },
  );

  it.runIf(onLinux)('tells a full device in words', async () => {
    await expect(writeWhole('/dev/full', 'text')).rejects.toThrow(/the disk is full. Free some space/);
  });

  it('leaves the old file whole when it is killed while writing', async () => {
    writeFileSync(at('a.txt'), 'old');
    const script = `
      import { writeWhole } from ${JSON.stringify(compiled)};
      const text = 'n'.repeat(50_000_000);
      process.send('writing');
      for (;;) await writeWhole(${JSON.stringify(at('a.txt'))}, text);`;
    writeFileSync(at('write.mjs'), script);
    const child = spawn(process.execPath, [at('write.mjs')], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, 30));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const { size } = statSync(at('a.txt'));
    expect([3, 50_000_000]).toContain(size);
  });
});

describe('writeWhole() on a full disk', () => {
  it('keeps the old file and leaves nothing else', async (context) => {
    const small = mountSmall();
    if (small === undefined) {
      console.log('a full disk is skipped: mounting a small file system needs root on Linux');
      return context.skip();
    }
    try {
      writeFileSync(join(small, 'a.txt'), 'o'.repeat(30_000));
      await expect(writeWhole(join(small, 'a.txt'), 'n'.repeat(60_000))).rejects.toThrow(/the disk is full/);
      expect(readFileSync(join(small, 'a.txt'), 'utf8')).toBe('o'.repeat(30_000));
      expect(readdirSync(small)).toEqual(['a.txt']);
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('placeWhole()', () => {
  it('leaves nothing when the draft cannot be made', async () => {
    const failing = placeWhole(at('sub/file'), async (draft) => {
      writeFileSync(draft, 'half');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(readdirSync(at('sub'))).toEqual([]);
  });
});
