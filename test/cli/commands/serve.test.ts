import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command } from '../../../src/cli/commands/serve.ts';
import { fixture } from '../../embeddings/reference.ts';
import { recordingTerminal } from '../recording-terminal.ts';

const MODEL = fixture('tiny-bert-nli-mean-tokens');
const { pairs, scores } = JSON.parse(
  readFileSync(fixture('cross-encoders/distilbert/reference.json'), 'utf8'),
) as { pairs: [string, string][]; scores: number[] };
const [PAIR, SCORE] = [pairs[0]!, scores[0]!];
const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

describe('tsbert serve', () => {
  it('serves until it is told to end', async () => {
    const stop = new AbortController();
    const terminal = recordingTerminal({ interrupted: stop.signal, env: { TSBERT_API_KEY: 'key' } });
    const ended = command.run(
      [MODEL, '--port', '0', '--reranker', fixture('cross-encoders/distilbert')],
      terminal,
    );
    let url: string | undefined;
    while (url === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      [, url] = /at (http:\S+)/.exec(terminal.out.join()) ?? [];
    }
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer key' } })).status).toBe(200);
    const [{ score }] = await (
      await fetch(`${url}/rerank`, {
        method: 'POST',
        headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
        body: JSON.stringify({ query: PAIR[0], texts: [PAIR[1]] }),
      })
    ).json();
    // Its activation is a sigmoid, so that Python's scores are TEI's.
    expect(score).toBeCloseTo(SCORE, 5);
    stop.abort('SIGINT');
    expect(await ended).toBe(0);
    expect(terminal.err).toEqual([]);
  });

  it('warns where everybody may use it', async () => {
    const terminal = recordingTerminal({ interrupted: AbortSignal.abort('SIGINT') });
    expect(await command.run([MODEL, '--port', '0', '--host', '0.0.0.0'], terminal)).toBe(0);
    expect(terminal.err.join()).toContain('set TSBERT_API_KEY');
  });

  it.each([
    [[], 'MODEL is missing'],
    [[MODEL, '--port', 'x'], "--port 'x' is no whole number"],
  ])('refuses %j', async (args, message) => {
    await expect(command.run(args, recordingTerminal())).rejects.toThrow(message);
  });

  it.skipIf(process.platform === 'win32')('ends well on SIGTERM', async () => {
    const child = spawn(process.execPath, [program, 'serve', MODEL, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    for await (const chunk of child.stdout) if (String(chunk).includes('Serving')) break;
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
