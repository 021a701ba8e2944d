import { openVectron } from "@vectron/local";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { LocalAnswerer } from "../src/models/answerer.ts";
import { LocalEmbedder } from "../src/models/embedder.ts";
import { PASSAGES } from "../src/passages.ts";

const models = { embedder: new LocalEmbedder(), language: new LocalAnswerer() };
const client = await openVectron();
afterAll(() => client.close());
afterEach(() => vi.resetModules());

// The newest that supports Node 20, and the newest of all.
describe.each(["ai", "ai-newest"])("a knowledge base on the package %s", (packageName) => {
  async function open() {
    vi.doMock("ai", () => import(packageName));
    const { KnowledgeBase } = await import("../src/knowledge-base.ts");
    const knowledge = new KnowledgeBase(client, models);
    await knowledge.add(PASSAGES);
    return knowledge;
  }

  it.each([
    [
      "Which way does the tail of a comet point?",
      "comets",
      /^The tail of a comet always points away from the sun\. \[1\]$/,
    ],
    ["Why does bread dough rise?", "bread", /^Bread dough rises because yeast/],
    ["How do bees tell each other where flowers are?", "bees", /waggle dance\. \[1\]$/],
    ["What is glass made of?", "glass", /melting sand/],
  ])("answers %j from the passage on %s", async (question, source, answer) => {
    const { text, sources } = await (await open()).answer(question);
    expect(sources).toHaveLength(3);
    expect(sources[0]).toBe(source);
    expect(text).toMatch(answer);
  });

  it("says when the passages do not tell", async () => {
    const { text } = await (await open()).answer("Who painted Guernica?");
    expect(text).toBe("The passages do not say.");
  });

  it("stops when it is aborted", async () => {
    const knowledge = await open();
    await expect(knowledge.answer("Why?", AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
