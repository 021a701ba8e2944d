import type { EmbeddingModelV3, EmbeddingModelV3CallOptions, EmbeddingModelV3Result } from "@ai-sdk/provider";
import { contentWords } from "./words.ts";

/** How long vectors are: enough that few words share a component. */
const DIMENSION = 1024;

/**
 * An embedding model that needs no network: each word adds to the component that
 * its hash names. Texts with the same words have near vectors. It knows no
 * synonyms, as a real model does; put one in its place and nothing else changes.
 */
export class LocalEmbedder implements EmbeddingModelV3 {
  readonly specificationVersion = "v3";
  readonly provider = "example";
  readonly modelId = "hashed-words";
  readonly maxEmbeddingsPerCall = 100;
  readonly supportsParallelCalls = true;

  async doEmbed({ values, abortSignal }: EmbeddingModelV3CallOptions): Promise<EmbeddingModelV3Result> {
    abortSignal?.throwIfAborted();
    return { embeddings: values.map(embed), usage: { tokens: 0 }, warnings: [] };
  }
}

function embed(text: string): number[] {
  const vector = new Array<number>(DIMENSION).fill(0);
  for (const word of contentWords(text)) vector[hash(word) % DIMENSION]! += 1;
  return vector;
}

/** FNV-1a, 32 bits. */
function hash(word: string): number {
  let bits = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(word)) bits = Math.imul(bits ^ byte, 0x01000193);
  return bits >>> 0;
}
