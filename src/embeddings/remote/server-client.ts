/** Sends requests to a server of embeddings, and tries again where it is busy. */
import { setTimeout } from 'node:timers/promises';
import { ServerAnswerError, ServerUnreachableError } from './errors.ts';

const BUSY = [429, 503];
const ATTEMPTS = 5;
const PAUSE_MS = 500;
/** An answer's own words about an error, at most so many. */
const MAX_WORDS = 300;

/** One server. */
export class ServerClient {
  /** Without a slash at the end, and without a user's name or password. */
  readonly url: string;
  readonly #apiKey: string | undefined;

  /** @throws {TypeError} when the address is none */
  constructor(url: string, apiKey: string | undefined) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new TypeError(`'${url}' is no address of a server. Give one such as http://127.0.0.1:8080.`);
    }
    const { origin, pathname } = new URL(url);
    this.url = origin + pathname.replace(/\/+$/, '');
    this.#apiKey = apiKey || undefined;
  }

  get(path: string): Promise<unknown> {
    return this.#send(path, { method: 'GET' });
  }

  post(path: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    return this.#send(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #send(path: string, init: RequestInit): Promise<unknown> {
    const headers = { ...init.headers, ...(this.#apiKey && { authorization: `Bearer ${this.#apiKey}` }) };
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(this.url + path, { ...init, headers }).catch((cause) => {
        throw new ServerUnreachableError(this.url, { cause });
      });
      if (response.ok) return this.#json(response);
      if (!BUSY.includes(response.status) || attempt === ATTEMPTS) throw await this.#refusal(response);
      await response.body?.cancel();
      await setTimeout(PAUSE_MS * attempt);
    }
  }

  async #json(response: Response): Promise<unknown> {
    try {
      return await response.json();
    } catch {
      throw new ServerAnswerError(this.url, 'its answer is no JSON.');
    }
  }

  async #refusal(response: Response): Promise<ServerAnswerError> {
    const { status } = response;
    if (status === 401 || status === 403) {
      return new ServerAnswerError(this.url, 'it asks for another API key. Set TSBERT_API_KEY.', status);
    }
    const words = (await response.text().catch(() => '')).slice(0, MAX_WORDS);
    return new ServerAnswerError(this.url, `it answers ${status}: ${words}`, status);
  }
}
