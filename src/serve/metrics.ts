/** Counts what the server does, as Prometheus reads it. */

/** Upper ends of the buckets of a request's time. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const TEXTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

/** Numbers sorted into buckets. */
class Histogram {
  readonly #ends: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(ends: readonly number[]) {
    this.#ends = ends;
    this.#counts = ends.map(() => 0);
  }

  add(value: number): void {
    this.#sum += value;
    this.#count++;
    this.#ends.forEach((end, i) => {
      if (value <= end) this.#counts[i]!++;
    });
  }

  lines(name: string): string[] {
    return [
      ...this.#ends.map((end, i) => `${name}_bucket{le="${end}"} ${this.#counts[i]}`),
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ];
  }
}

/** The server's counters. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #seconds = new Histogram(SECONDS);
  readonly #batches = new Histogram(TEXTS);

  /** @param route one of the server's own, so that strangers make no new lines */
  countRequest(route: string, status: number, seconds: number): void {
    const labels = `route="${route}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
    this.#seconds.add(seconds);
  }

  countBatch(texts: number): void {
    this.#batches.add(texts);
  }

  /** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
  format(waiting: number): string {
    return [
      '# HELP tsbert_requests_total Requests answered.',
      '# TYPE tsbert_requests_total counter',
      ...[...this.#requests].map(([labels, count]) => `tsbert_requests_total{${labels}} ${count}`),
      '# HELP tsbert_request_seconds Time from a request to its answer.',
      '# TYPE tsbert_request_seconds histogram',
      ...this.#seconds.lines('tsbert_request_seconds'),
      '# HELP tsbert_batch_texts Texts encoded together.',
      '# TYPE tsbert_batch_texts histogram',
      ...this.#batches.lines('tsbert_batch_texts'),
      '# HELP tsbert_queue_texts Texts that wait.',
      '# TYPE tsbert_queue_texts gauge',
      `tsbert_queue_texts ${waiting}`,
      '',
    ].join('\n');
  }
}
