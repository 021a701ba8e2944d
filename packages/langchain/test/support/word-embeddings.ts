import { Embeddings } from "@langchain/core/embeddings";

/** Embeds a text by which of a few words it has: similarities can be worked out by hand. */
export class WordEmbeddings extends Embeddings {
  readonly #words: readonly string[];
  /** The texts of each call of `embedDocuments`. */
  readonly batches: string[][] = [];

  constructor(...words: string[]) {
    super({});
    this.#words = words;
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    this.batches.push(texts);
    return texts.map((text) => this.#embed(text));
  }

  override async embedQuery(text: string): Promise<number[]> {
    return this.#embed(text);
  }

  #embed(text: string): number[] {
    const found = new Set(text.toLowerCase().match(/[a-z]+/g));
    return this.#words.map((word) => (found.has(word) ? 1 : 0));
  }
}
