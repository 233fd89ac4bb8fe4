/** The part of a page below a heatmap in which its sentences can be changed, and the picture follows. */
import { heatmapSpec } from '../charts/heatmap-spec.ts';
import { withTheme } from '../charts/theme.ts';
import type { PlaygroundRecipe } from '../export/outputs/page-data.ts';
import type { EncodingClient } from './encoding-client.ts';
import { LONGEST_SENTENCE, MOST_SENTENCES, sentencesIn, withSentences } from './shared-sentences.ts';
import { similaritiesOf } from './similarities.ts';

/** Draws a Vega-Lite spec into an element. */
export type DrawChart = (element: HTMLElement, spec: object) => Promise<unknown>;

/** What a playground needs of its page. */
export interface PlaygroundContext {
  readonly client: EncodingClient;
  readonly draw: DrawChart;
}

/** How long typing must rest before the picture follows, in ms. */
const REST_MS = 120;

/** Keeps the sentences of one heatmap, and draws it anew when they change. */
export class Playground {
  readonly #figure: HTMLElement;
  readonly #recipe: PlaygroundRecipe;
  readonly #context: PlaygroundContext;
  readonly #list = element('ol');
  readonly #picture = element('div', { className: 'picture' });
  readonly #values = element('tbody');
  readonly #result = element('div', { className: 'tried', hidden: true });
  readonly #status = element('p', { className: 'status' });
  readonly #add = button('Add a sentence', () => this.#addSentence());
  #sentences: string[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #version = 0;
  #isFollowing = false;
  /** Whether something was changed since the page was opened or reset. */
  #isTried = false;

  constructor(figure: HTMLElement, recipe: PlaygroundRecipe, context: PlaygroundContext) {
    this.#figure = figure;
    this.#recipe = recipe;
    this.#context = context;
    this.#sentences = [...recipe.sentences];
    this.#status.setAttribute('role', 'status');
    figure.append(this.#build());
    this.#showSentences();
    const shared = sentencesIn(location.hash, recipe.chart);
    if (shared) this.#replaceSentences(shared);
  }

  /** Draws the current picture again, such as in other colours. */
  async redraw(): Promise<void> {
    if (!this.#result.hidden) await this.#update();
  }

  #build(): HTMLElement {
    const section = element('div', { className: 'playground' });
    section.setAttribute('role', 'group');
    section.setAttribute('aria-label', 'Try other sentences');
    const head = element('tr');
    for (const name of ['cosine similarity', 'sentence A', 'sentence B', 'model']) {
      head.append(element('th', { scope: 'col', textContent: name }));
    }
    const table = element('table');
    table.append(element('thead'), this.#values);
    table.tHead!.append(head);
    const details = element('details', { className: 'values' });
    details.append(element('summary', { textContent: 'Show values as a table' }), scrolling(table, 'Values'));
    this.#result.append(scrolling(this.#picture, 'Chart'), details);
    const buttons = element('p', { className: 'buttons' });
    buttons.append(
      this.#add,
      button('Reset', () => this.#reset()),
    );
    section.append(this.#result, this.#about(), this.#list, buttons, this.#status);
    return section;
  }

  /** Says who computes, and what the numbers are not. */
  #about(): HTMLElement {
    const { models, pageModels } = this.#recipe;
    const standIns = pageModels.filter((name, i) => name !== models[i]!.name);
    const about = element('p', { className: 'about' });
    about.textContent = this.#isExact
      ? `Change a sentence, and the picture follows. This page computes with ${list(pageModels)}, in 8 bits and fewer.`
      : `Change a sentence, and a second picture follows it. The picture above is the notebook's and stays; this page ` +
        `computes with ${list(standIns)}, small models with numbers of their own.`;
    return about;
  }

  /** Whether the page has the very models that the notebook used. */
  get #isExact(): boolean {
    return this.#recipe.models.every(({ name }, i) => name === this.#recipe.pageModels[i]);
  }

  #showSentences(): void {
    this.#list.replaceChildren(...this.#sentences.map((sentence, i) => this.#item(sentence, i)));
    this.#add.disabled = this.#sentences.length >= MOST_SENTENCES;
  }

  #item(sentence: string, i: number): HTMLElement {
    const number = i + this.#recipe.firstNumber;
    const field = element('textarea', { value: sentence, rows: 1, maxLength: LONGEST_SENTENCE });
    field.setAttribute('aria-label', `Sentence ${number}`);
    field.addEventListener('input', () => {
      this.#sentences[i] = field.value;
      this.#changed();
    });
    const remove = button('×', () => this.#removeSentence(i));
    remove.setAttribute('aria-label', `Remove sentence ${number}`);
    remove.disabled = this.#sentences.length === 1;
    const item = element('li', { value: number });
    item.append(field, remove);
    return item;
  }

  #addSentence(): void {
    this.#replaceSentences([...this.#sentences, '']);
    this.#list.querySelector<HTMLElement>('li:last-child textarea')?.focus();
  }

  #removeSentence(i: number): void {
    this.#replaceSentences(this.#sentences.toSpliced(i, 1));
    this.#list.querySelectorAll('textarea')[Math.min(i, this.#sentences.length - 1)]?.focus();
  }

  #replaceSentences(sentences: readonly string[]): void {
    this.#sentences = [...sentences];
    this.#showSentences();
    this.#changed();
  }

  #reset(): void {
    clearTimeout(this.#timer);
    this.#isTried = false;
    this.#version++;
    this.#sentences = [...this.#recipe.sentences];
    this.#showSentences();
    this.#share(undefined);
    this.#result.hidden = true;
    this.#figure.classList.remove('is-tried');
    this.#status.textContent = "The notebook's own sentences are back.";
  }

  #changed(): void {
    this.#isTried = true;
    this.#version++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#follow(), REST_MS);
  }

  /** One update at a time, then one of what has changed meanwhile: typing never leaves work behind that nobody wants. */
  async #follow(): Promise<void> {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    let followed: number;
    do {
      followed = this.#version;
      await this.#update();
    } while (followed !== this.#version && this.#isTried);
    this.#isFollowing = false;
  }

  async #update(): Promise<void> {
    const version = this.#version;
    const sentences = [...this.#sentences];
    this.#share(sentences);
    try {
      const panels = await this.#computePanels(sentences);
      if (version !== this.#version) return;
      await this.#draw(sentences, panels);
      this.#status.textContent = 'Updated.';
    } catch (error) {
      this.#status.textContent = `This page could not compute it: ${error instanceof Error ? error.message : error}`;
    }
  }

  async #computePanels(sentences: readonly string[]): Promise<{ title: string; rows: number[][] }[]> {
    const { models, pageModels } = this.#recipe;
    return Promise.all(
      pageModels.map(async (name, i) => {
        const embeddings = sentences.map((sentence) => this.#context.client.encode(name, sentence));
        const title = models[i]!.name === name ? models[i]!.title : name;
        return { title, rows: similaritiesOf(await Promise.all(embeddings)) };
      }),
    );
  }

  async #draw(
    sentences: readonly string[],
    panels: readonly { title: string; rows: number[][] }[],
  ): Promise<void> {
    const { title, subtitle, firstNumber, models } = this.#recipe;
    const isOne = models.length === 1;
    const ownSubtitle = this.#isExact || !isOne ? subtitle : panels[0]!.title;
    const spec = heatmapSpec(panels, { sentences, title, subtitle: ownSubtitle, firstNumber });
    const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    this.#result.hidden = false;
    this.#figure.classList.toggle('is-tried', this.#isExact);
    await this.#context.draw(this.#picture, withTheme(spec, theme, true));
    this.#values.replaceChildren(...valueRows(sentences, panels));
  }

  #share(sentences: readonly string[] | undefined): void {
    const fragment = withSentences(location.hash, this.#recipe.chart, sentences);
    history.replaceState(null, '', fragment || location.pathname + location.search);
  }
}

/** A table row for every pair of different sentences. */
function valueRows(
  sentences: readonly string[],
  panels: readonly { title: string; rows: number[][] }[],
): HTMLElement[] {
  return panels.flatMap(({ title, rows }) =>
    rows.flatMap((row, i) =>
      row.slice(0, i).map((similarity, j) => {
        const line = element('tr');
        const cells = [similarity.toFixed(4), sentences[i]!, sentences[j]!, title];
        line.append(...cells.map((textContent) => element('td', { textContent })));
        return line;
      }),
    ),
  );
}

/** A box that scrolls where its content is wide, by keyboard too. */
function scrolling(content: HTMLElement, label: string): HTMLElement {
  const box = element('div', { className: 'scroll', tabIndex: 0 });
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', label);
  box.append(content);
  return box;
}

function button(textContent: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', textContent });
  made.addEventListener('click', onClick);
  return made;
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), properties);
}

const list = (names: readonly string[]) => [...new Set(names)].join(' and ');
