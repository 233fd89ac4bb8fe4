/** Where the Hugging Face cache, token and hub are, by the environment variables that Python's huggingface_hub reads. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, homeFolder } from '../../files/user-folders.ts';
import { HubTokenError } from './errors.ts';

export type { Environment };

/** What the environment says about the hub. */
export interface HubEnvironment {
  /** The hub's address without a final slash (`HF_ENDPOINT`), and without the user and password it may hold. */
  endpoint: string;
  /** Those of HF_ENDPOINT, as `Authorization: Basic` has them. */
  login: string | undefined;
  /** The folder that holds `models--org--name` folders. */
  cacheDir: string;
  /** The file in which `hf auth login` leaves the token. */
  tokenFile: string;
  /** The token itself when a variable carries it. */
  token: string | undefined;
  /** `HF_HUB_OFFLINE` or `TSBERT_OFFLINE`: the cache may be used, the network may not. */
  offline: boolean;
  /** `TSBERT_OFFLINE`: where a stand-in is allowed it is taken, whatever the cache holds. */
  standInsOnly: boolean;
}

/**
 * Reads the hub's settings from environment variables, with the same precedence as huggingface_hub's `constants.py`.
 *
 * @example
 * hubEnvironment({ HF_HOME: '/data/hf' }).cacheDir; // '/data/hf/hub'
 */
export function hubEnvironment(env: Environment = process.env): HubEnvironment {
  const home = env.XDG_CACHE_HOME ? expand(env.XDG_CACHE_HOME, env) : join(homeFolder(env), '.cache');
  const hfHome = env.HF_HOME ? expand(env.HF_HOME, env) : join(home, 'huggingface');
  const cacheDir = env.SENTENCE_TRANSFORMERS_HOME || env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE;
  const standInsOnly = isTrue(env.TSBERT_OFFLINE);
  return {
    ...readEndpoint(env.HF_ENDPOINT || 'https://huggingface.co'),
    cacheDir: cacheDir ? expand(cacheDir, env) : join(hfHome, 'hub'),
    tokenFile: env.HF_TOKEN_PATH ? expand(env.HF_TOKEN_PATH, env) : join(hfHome, 'token'),
    token: cleanToken(env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN),
    offline: standInsOnly || isTrue(env.HF_HUB_OFFLINE) || isTrue(env.TRANSFORMERS_OFFLINE),
    standInsOnly,
  };
}

/** An address that is none is left as it is: what asks it says so. */
function readEndpoint(text: string): { endpoint: string; login: string | undefined } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const login = url && (url.username || url.password) ? `${url.username}:${url.password}` : undefined;
  const endpoint = text.replace(/\/+$/, '').replace(/^(\w+:\/\/)[^/]*@/, '$1');
  return { endpoint, login: login && Buffer.from(decodeURIComponent(login)).toString('base64') };
}

/**
 * The token of `HF_TOKEN`, else of the token file, else undefined.
 *
 * @throws {HubTokenError} when it holds a character that no token can hold; the token is not in the message
 */
export async function readToken({ token, tokenFile }: HubEnvironment): Promise<string | undefined> {
  const found = token ?? cleanToken(await readFile(tokenFile, 'utf8').catch(() => undefined));
  const at = found?.search(/[^\x21-\x7e]/) ?? -1;
  if (found === undefined || at < 0) return found;
  throw new HubTokenError(token === undefined ? tokenFile : 'HF_TOKEN', at + 1);
}

/** Python's reading of a switch: 1, ON, YES and TRUE are true, in any case. */
function isTrue(value: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(value ?? '');
}

function cleanToken(text: string | undefined): string | undefined {
  return text?.replace(/[\r\n]/g, '').trim() || undefined;
}

/** Replaces a leading `~` and `$NAME` / `${NAME}`, as Python's expanduser and expandvars do. */
function expand(path: string, env: Environment): string {
  const withHome = /^~(?=$|[\\/])/.test(path) ? homeFolder(env) + path.slice(1) : path;
  return withHome.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (text, braced?: string, plain?: string) => env[braced ?? plain ?? ''] ?? text,
  );
}
