/** The page's worker: keeps the models and encodes sentences there, so that typing never waits. */
import { PageModel } from './page-model.ts';

/** Page to worker. */
export type WorkerRequest =
  | { type: 'model'; name: string; packed: string }
  | { type: 'encode'; id: number; name: string; sentence: string };

/** Worker to page. */
export type WorkerReply = { id: number; embedding: Float32Array } | { id: number; error: string };

/** A model that is here, or will be: sentences may be asked for before it is handed over. */
class Slot {
  readonly model: Promise<PageModel>;
  fill!: (model: Promise<PageModel>) => void;

  constructor() {
    this.model = new Promise((resolve) => {
      this.fill = resolve;
    });
  }
}

const slots = new Map<string, Slot>();

globalThis.onmessage = ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.type === 'model') slotOf(data.name).fill(unpack(data.packed));
  else void answer(data);
};

function slotOf(name: string): Slot {
  const slot = slots.get(name) ?? new Slot();
  slots.set(name, slot);
  return slot;
}

/** @param packed deflated bytes, as base64 */
async function unpack(packed: string): Promise<PageModel> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new PageModel(new Uint8Array(await new Response(stream).arrayBuffer()));
}

async function answer({ id, name, sentence }: WorkerRequest & { type: 'encode' }): Promise<void> {
  try {
    const embedding = (await slotOf(name).model).encode(sentence);
    postMessage({ id, embedding } satisfies WorkerReply);
  } catch (error) {
    postMessage({ id, error: String(error) } satisfies WorkerReply);
  }
}
