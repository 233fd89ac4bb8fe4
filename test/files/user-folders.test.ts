/** The places of each operating system. */
import { describe, expect, it } from 'vitest';
import { cacheFolder, dataFolder, homeFolder } from '../../src/files/user-folders.ts';

const machine = (platform: NodeJS.Platform, env = {}) => ({ platform, env, home: '/h' });

describe('cacheFolder()', () => {
  it.each([
    ['linux', {}, '/h/.cache'],
    ['linux', { XDG_CACHE_HOME: '/x' }, '/x'],
    ['darwin', {}, '/h/Library/Caches'],
    ['win32', { LOCALAPPDATA: '/l' }, '/l'],
    ['win32', {}, '/h/AppData/Local'],
  ] as const)('on %s with %j is %s', (platform, env, folder) => {
    expect(cacheFolder(machine(platform, env)).replaceAll('\\', '/')).toBe(folder);
  });
});

describe('dataFolder()', () => {
  it.each([
    ['linux', {}, '/h/.local/share'],
    ['linux', { XDG_DATA_HOME: '/x' }, '/x'],
    ['darwin', {}, '/h/Library'],
    ['win32', { APPDATA: '/r' }, '/r'],
  ] as const)('on %s with %j is %s', (platform, env, folder) => {
    expect(dataFolder(machine(platform, env)).replaceAll('\\', '/')).toBe(folder);
  });
});

describe('homeFolder()', () => {
  it('is what the variables say, before what the system says', () => {
    expect(homeFolder({ HOME: '/home/a' })).toBe('/home/a');
    expect(homeFolder({ USERPROFILE: 'C:\\Users\\a' })).toBe('C:\\Users\\a');
  });
});
