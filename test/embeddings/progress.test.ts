import { describe, expect, it } from 'vitest';
import { formatSize, ProgressBar, renderProgress } from '../../src/embeddings/progress.ts';
import type { MimeData } from '../../src/embeddings/publish.ts';

describe('renderProgress()', () => {
  it('draws the bars of the activity, as tqdm does', () => {
    // tqdm.format_meter(219e6, 438e6, 2, unit='B', unit_scale=True, prefix='model.safetensors')
    const start = { label: 'model.safetensors', done: 0, total: 438e6, elapsedMs: 0, unit: 'B' } as const;
    expect(renderProgress(start)).toBe('model.safetensors:   0%|          | 0.00/438M [00:00<?, ?B/s]');
    const half = { ...start, done: 219e6, elapsedMs: 2000 };
    expect(renderProgress(half)).toBe('model.safetensors:  50%|█████     | 219M/438M [00:02<00:02, 110MB/s]');
  });

  it('shows a partly filled cell, seconds for each slow item, and hours', () => {
    const state = { label: 'Batches', done: 3, total: 8, elapsedMs: 4_000_000, unit: 'it' } as const;
    expect(renderProgress(state)).toBe('Batches:  38%|███▊      | 3/8 [1:06:40<1:51:06, 1333.33s/it]');
  });

  it('does without a total, and leaves resumed bytes out of the rate', () => {
    const resumed = { label: 'f', done: 3000, initial: 2000, elapsedMs: 1000, unit: 'B' } as const;
    expect(renderProgress(resumed)).toBe('f: 3.00kB [00:01, 1.00kB/s]');
  });
});

describe('formatSize()', () => {
  it('keeps three digits', () => {
    expect([229, 3990, 99_950, 438e6, 1.5e9].map(formatSize)).toEqual([
      '229',
      '3.99k',
      '100k',
      '438M',
      '1.50G',
    ]);
  });
});

describe('ProgressBar', () => {
  it('publishes once, then updates the same display, at most every interval', () => {
    const calls: { data: MimeData; options: object | undefined }[] = [];
    let now = 0;
    const bar = new ProgressBar({
      label: 'Batches',
      total: 3,
      publish: (data, options) => calls.push({ data, options }),
      now: () => now,
    });
    now = 50;
    bar.update(1);
    now = 150;
    bar.update(2);
    now = 160;
    bar.update(3);
    bar.finish();
    bar.finish();
    expect(calls.map((call) => call.data['text/plain'])).toEqual([
      'Batches:   0%|          | 0/3 [00:00<?, ?it/s]',
      'Batches:  67%|██████▋   | 2/3 [00:00<00:00, 13.33it/s]',
      'Batches: 100%|██████████| 3/3 [00:00<00:00, 18.75it/s]',
    ]);
    expect(calls.map((call) => (call.options as { update: boolean }).update)).toEqual([false, true, true]);
    expect(new Set(calls.map((call) => (call.options as { displayId: string }).displayId)).size).toBe(1);
  });

  it('shows itself only when the work outlasts the delay', () => {
    const drawn = (steps: number[]) => {
      const lines: unknown[] = [];
      let now = 0;
      const publish = (data: MimeData) => lines.push(data['text/plain']);
      const bar = new ProgressBar({ label: 'b', total: 2, delayMs: 1000, publish, now: () => now });
      steps.forEach((at, i) => {
        now = at;
        bar.update(i + 1);
      });
      bar.finish();
      return lines;
    };
    expect(drawn([400, 900])).toEqual([]);
    expect(drawn([1000, 2000])).toEqual([
      'b:  50%|█████     | 1/2 [00:01<00:01,  1.00it/s]',
      'b: 100%|██████████| 2/2 [00:02<00:00,  1.00it/s]',
      'b: 100%|██████████| 2/2 [00:02<00:00,  1.00it/s]',
    ]);
  });

  it('redraws the line of a terminal and writes only the end elsewhere', () => {
    const drawn = (isTTY: boolean) => {
      const writes: string[] = [];
      const terminal = { isTTY, write: (text: string) => writes.push(text) > 0 };
      const bar = new ProgressBar({ label: 'f', total: 1, publish: undefined, terminal, now: () => 0 });
      bar.update(1);
      bar.finish();
      return writes;
    };
    expect(drawn(true)).toEqual([
      '\rf:   0%|          | 0/1 [00:00<?, ?it/s]',
      '\rf: 100%|██████████| 1/1 [00:00<?, ?it/s]\n',
    ]);
    expect(drawn(false)).toEqual(['f: 100%|██████████| 1/1 [00:00<?, ?it/s]\n']);
  });
});
