import type { Collection, VectronClient } from "@vectron/local";
import { type EmbeddingModel, embed, embedMany, generateText, type LanguageModel } from "ai";

/** What a passage carries beside its vector. */
interface Passage {
  readonly text: string;
  // An index signature lets the type stand for the strings of a payload.
  readonly [field: string]: string;
}

/** The two models that a knowledge base works with. */
export interface Models {
  readonly embedder: EmbeddingModel;
  readonly language: LanguageModel;
}

/** An answer, and the passages that it was made from, the nearest first. */
export interface Answer {
  readonly text: string;
  readonly sources: readonly string[];
}

/** How many passages the language model reads. */
const PASSAGES_PER_QUESTION = 3;

/** Passages in a collection, and answers from them: retrieval-augmented generation. */
export class KnowledgeBase {
  readonly #client: VectronClient;
  readonly #models: Models;
  readonly #passages: Collection<Passage>;

  constructor(client: VectronClient, models: Models) {
    this.#client = client;
    this.#models = models;
    this.#passages = client.collection<Passage>("passages");
  }

  /** Embeds passages, which come by name, and stores them. */
  async add(passages: Readonly<Record<string, string>>): Promise<void> {
    const names = Object.keys(passages);
    const texts = Object.values(passages);
    const { embeddings } = await embedMany({ model: this.#models.embedder, values: texts });
    const dimension = embeddings[0]?.length;
    if (dimension === undefined) return;
    await this.#client.ensureCollection({ name: this.#passages.name, dimension, distance: "cosine" });
    await this.#passages.bulkUpsert(
      names.map((id, index) => ({ id, vector: embeddings[index]!, payload: { text: texts[index]! } })),
    );
  }

  /** Finds the passages that are nearest to a question, and has the language model answer from them. */
  async answer(question: string, abortSignal?: AbortSignal): Promise<Answer> {
    const { embedding } = await embed({ model: this.#models.embedder, value: question, abortSignal });
    const found = await this.#passages.search(
      { vector: embedding, topK: PASSAGES_PER_QUESTION },
      { signal: abortSignal },
    );
    const passages = found.map(({ payload }, index) => `[${index + 1}] ${payload?.text}`);
    const { text } = await generateText({
      model: this.#models.language,
      system: "Answer from the numbered passages, and name the one that you used.",
      prompt: `${passages.join("\n")}\n\nQuestion: ${question}`,
      abortSignal,
    });
    return { text, sources: found.map(({ id }) => id) };
  }
}
