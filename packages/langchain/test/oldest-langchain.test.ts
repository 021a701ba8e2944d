// The oldest LangChain that the peer range allows, with the package as it is built.
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { openMemory } from "@vectron/local/memory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as Built from "../src/index.ts";

const packageRoot = dirname(import.meta.dirname);
let folder: string;
let built: typeof Built;
let FakeEmbeddings: typeof import("@langchain/core/utils/testing").FakeEmbeddings;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vectron-langchain-"));
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@langchain"), { recursive: true });
  const link = async (from: string, to: string) =>
    symlink(await realpath(join(packageRoot, from)), join(modules, to), "dir");
  await link("node_modules/langchain-core-oldest", "@langchain/core");
  await link("node_modules/@vectron", "@vectron");
  // A copy, not a link: modules are resolved from where a file really is.
  await cp(join(packageRoot, "dist"), join(folder, "dist"), { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(
    join(folder, "testing.js"),
    'export { FakeEmbeddings } from "@langchain/core/utils/testing";\n',
  );
  built = await import(pathToFileURL(join(folder, "dist/index.js")).href);
  ({ FakeEmbeddings } = await import(pathToFileURL(join(folder, "testing.js")).href));
});
afterAll(() => rm(folder, { recursive: true }));

describe("the oldest LangChain in the peer range", () => {
  it("is what the package finds there", () => {
    const { version } = createRequire(join(folder, "dist/index.js"))("@langchain/core/package.json");
    expect(version).toBe("0.3.0");
  });

  it("adds, finds, diversifies, retrieves and deletes", async () => {
    const client = openMemory();
    try {
      const options = { client, collection: "docs" };
      const texts = ["one", "two"];
      const store = await built.VectronVectorStore.fromTexts(texts, { n: 1 }, new FakeEmbeddings(), options);
      const [[document, score] = []] = await store.similaritySearchWithScore("one", 1);
      expect(document?.metadata).toEqual({ n: 1 });
      expect(score).toBeCloseTo(1, 6);
      expect(await store.maxMarginalRelevanceSearch("one", { k: 2 })).toHaveLength(2);
      expect(await store.asRetriever(1).invoke("one")).toHaveLength(1);
      await store.delete({ ids: [document?.id as string] });
      expect(await store.similaritySearch("one", 5)).toHaveLength(1);
    } finally {
      await client.close();
    }
  });
});
