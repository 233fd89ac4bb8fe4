/** Similarities of every pair of embeddings, as a heatmap and its table show them. */

/** Cosine similarities [n, n]. @param embeddings n of them, of one length */
export function similaritiesOf(embeddings: readonly Float32Array[]): number[][] {
  const lengths = embeddings.map((embedding) => Math.sqrt(dot(embedding, embedding)) || 1);
  return embeddings.map((a, i) => embeddings.map((b, j) => dot(a, b) / (lengths[i]! * lengths[j]!)));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
