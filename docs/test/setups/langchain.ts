import { SyntheticEmbeddings } from "@langchain/core/utils/testing";

const embeddings = new SyntheticEmbeddings({ vectorSize: 64 });
// --- the snippet ---
