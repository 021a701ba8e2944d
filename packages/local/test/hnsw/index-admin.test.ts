import { CancelledError, InvalidArgumentError, NotFoundError } from "@vectron/core";
import { describe, expect, it } from "vitest";
import type { IndexOptions } from "../../src/index.ts";
import { openMemory } from "../../src/memory/index.ts";
import { cleanUp, open } from "./support.ts";

cleanUp();

const wrong: readonly (readonly [options: object, message: RegExp])[] = [
  [{ tier: "fast" }, /tier must be one of "auto", "scan", "hnsw", got "fast"/],
  [{ efSearch: 0 }, /efSearch must be a whole number from 1 to 100000, got 0/],
  [{ efSearch: "64" }, /efSearch must be a whole number .* got "64"/],
  [{ efConstruction: 1.5 }, /efConstruction must be a whole number .* got 1.5/],
  [{ connectivity: 1 }, /connectivity must be a whole number from 2 to 512, got 1/],
  [{ thresholdPoints: Number.NaN }, /thresholdPoints must be a whole number .* got NaN/],
  [{ ef: 64 }, /ef is not an option of an index/],
  [{ toString: 64 }, /toString is not an option of an index/],
];

describe("setIndexOptions", () => {
  it.each(wrong)("refuses %j", async (options, message) => {
    const client = await open();
    await client.createCollection({ name: "docs", dimension: 2 });
    const setting = client.engine.setIndexOptions("docs", options as IndexOptions);
    await expect(setting).rejects.toThrow(message);
    await expect(setting).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  it("needs options that are an object, and a collection that is there", async () => {
    const client = await open();
    await expect(client.engine.setIndexOptions("docs", null as never)).rejects.toThrow(
      /options must be an object/,
    );
    for (const call of [
      client.engine.setIndexOptions("docs", {}),
      client.engine.indexStatus("docs"),
      client.engine.waitUntilIndexed("docs"),
    ]) {
      await expect(call).rejects.toBeInstanceOf(NotFoundError);
    }
  });

  it("is cancelled by the end of the client", async () => {
    const client = await open();
    await client.createCollection({ name: "docs", dimension: 2 });
    await client.close();
    for (const call of [
      client.engine.setIndexOptions("docs", {}),
      client.engine.indexStatus("docs"),
      client.engine.waitUntilIndexed("docs"),
    ]) {
      await expect(call).rejects.toBeInstanceOf(CancelledError);
    }
  });
});

it("openMemory, which has no graph, says so", async () => {
  const client = openMemory();
  await client.createCollection({ name: "docs", dimension: 2 });
  await client.upsert("docs", [{ id: "a", vector: [1, 2] }]);
  await client.engine.setIndexOptions("docs", { tier: "hnsw" });
  const status = await client.engine.waitUntilIndexed("docs");
  expect(status).toMatchObject({ tier: "scan", points: 1, indexed: 0, pending: 0 });
  expect(status.unavailable).toMatch(/openVectron/);
  await client.engine.setIndexOptions("docs", { tier: "scan" });
  expect(await client.engine.indexStatus("docs")).not.toHaveProperty("unavailable");
  await client.close();
});
