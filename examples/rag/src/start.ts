// Answers questions from a handful of passages, offline: the embedded engine, and
// two small models in place of real ones.
import { openVectron } from "@vectron/local";
import { KnowledgeBase } from "./knowledge-base.ts";
import { LocalAnswerer } from "./models/answerer.ts";
import { LocalEmbedder } from "./models/embedder.ts";
import { PASSAGES } from "./passages.ts";

const client = await openVectron();
try {
  const knowledge = new KnowledgeBase(client, {
    embedder: new LocalEmbedder(),
    language: new LocalAnswerer(),
  });
  await knowledge.add(PASSAGES);
  for (const question of [
    "Which way does the tail of a comet point?",
    "Why does bread dough rise?",
    "How do bees tell each other where flowers are?",
  ]) {
    const { text, sources } = await knowledge.answer(question);
    console.log(`${question}\n  ${text}\n  from: ${sources.join(", ")}\n`);
  }
} finally {
  await client.close();
}
