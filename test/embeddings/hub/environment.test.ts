/** The environment variables of the hub, with the precedence that huggingface_hub's documentation gives. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubEnvironment, readToken } from '../../../src/embeddings/hub/environment.ts';

const HOME = join('/', 'home', 'learner');

describe('hubEnvironment()', () => {
  it('defaults to the home folder and the official hub', () => {
    expect(hubEnvironment({ HOME })).toEqual({
      endpoint: 'https://huggingface.co',
      cacheDir: join(HOME, '.cache', 'huggingface', 'hub'),
      tokenFile: join(HOME, '.cache', 'huggingface', 'token'),
      token: undefined,
      offline: false,
      standInsOnly: false,
    });
  });

  it('prefers the more special variable', () => {
    const { cacheDir } = hubEnvironment({ HOME, HF_HOME: '/a', HF_HUB_CACHE: '/b' });
    expect(cacheDir).toBe('/b');
    expect(hubEnvironment({ HOME, HF_HOME: '/a' }).cacheDir).toBe(join('/a', 'hub'));
    expect(hubEnvironment({ HOME, XDG_CACHE_HOME: '/x' }).cacheDir).toBe(join('/x', 'huggingface', 'hub'));
    expect(hubEnvironment({ HOME, HUGGINGFACE_HUB_CACHE: '/c', HF_HOME: '/a' }).cacheDir).toBe('/c');
  });

  it('expands ~ and variables', () => {
    expect(hubEnvironment({ HOME, HF_HUB_CACHE: '~/hub' }).cacheDir).toBe(`${HOME}/hub`);
    expect(hubEnvironment({ HOME, SCRATCH: '/s', HF_HOME: '$SCRATCH/hf' }).cacheDir).toBe(
      join('/s/hf', 'hub'),
    );
  });

  it('reads switches and the endpoint', () => {
    expect(hubEnvironment({ HOME, HF_HUB_OFFLINE: '1' })).toMatchObject({
      offline: true,
      standInsOnly: false,
    });
    expect(hubEnvironment({ HOME, TSBERT_OFFLINE: 'true' })).toMatchObject({
      offline: true,
      standInsOnly: true,
    });
    expect(hubEnvironment({ HOME, HF_HUB_OFFLINE: '0' }).offline).toBe(false);
    expect(hubEnvironment({ HOME, HF_ENDPOINT: 'https://hub.example/' }).endpoint).toBe(
      'https://hub.example',
    );
  });
});

describe('readToken()', () => {
  it('takes the variable before the file, without line breaks', async () => {
    const HF_HOME = mkdtempSync(join(tmpdir(), 'tsbert-token-'));
    writeFileSync(join(HF_HOME, 'token'), 'hf_file\n');
    expect(await readToken(hubEnvironment({ HF_HOME, HF_TOKEN: 'hf_variable\r\n' }))).toBe('hf_variable');
    expect(await readToken(hubEnvironment({ HF_HOME }))).toBe('hf_file');
    expect(await readToken(hubEnvironment({ HF_HOME: join(HF_HOME, 'none') }))).toBeUndefined();
  });
});
