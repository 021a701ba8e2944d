import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { Graph } from "../../src/hnsw/graph.ts";
import type { EmbeddedClient } from "../../src/index.ts";
import { clusteredVectors } from "../scan/data.ts";
import { cleanUp, DIMENSION, newDirectory, open, points, recall } from "./support.ts";

cleanUp();

const COUNT = 500;
const QUERIES = clusteredVectors(20, DIMENSION, 1);

/** A directory with a collection whose graph is kept. */
async function keep(): Promise<string> {
  const path = newDirectory();
  const client = await open({ path, durability: "relaxed" });
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "euclidean" });
  await client.engine.setIndexOptions("docs", { tier: "hnsw" });
  await client.upsert("docs", points(COUNT, 1));
  await client.engine.waitUntilIndexed("docs");
  await client.close();
  return path;
}

function filesOf(path: string) {
  return { graph: join(path, "index/0.graph"), entries: join(path, "index/0.entries") };
}

/** How many entries the graph that is kept in a directory is taken up with. */
function takenUp(path: string): number {
  const spec = { dimension: DIMENSION, metric: "euclidean", connectivity: 16, efConstruction: 128 } as const;
  return new Graph(spec, join(path, "index/0")).size;
}

/** What holds however the graph was found: right answers at once, and a whole graph after a while. */
async function expectRight(client: EmbeddedClient, count = COUNT): Promise<void> {
  expect(await recall(client, "docs", QUERIES.slice(0, 5))).toBeGreaterThan(0.9);
  const status = await client.engine.waitUntilIndexed("docs");
  expect(status).toMatchObject({ tier: "hnsw", points: count, indexed: count, pending: 0 });
  expect(await recall(client, "docs", QUERIES)).toBeGreaterThan(0.97);
}

const damage: Record<string, (files: ReturnType<typeof filesOf>) => void> = {
  "both files are lost": ({ graph, entries }) => {
    rmSync(graph);
    rmSync(entries);
  },
  "the graph is lost": ({ graph }) => rmSync(graph),
  "the entries are lost": ({ entries }) => rmSync(entries),
  "the graph is cut off": ({ graph }) => truncateSync(graph, 10_000),
  "the graph is empty": ({ graph }) => truncateSync(graph, 0),
  "a byte of the graph is another": ({ graph }) => flip(graph, 20_000),
  "the entries are cut off": ({ entries }) => truncateSync(entries, 100),
  "the entries are empty": ({ entries }) => truncateSync(entries, 0),
  "a byte of the entries is another": ({ entries }) => flip(entries, 2000),
  "the files are something else": ({ graph, entries }) => {
    writeFileSync(graph, "something else");
    writeFileSync(entries, "something else");
  },
};

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1;
  writeFileSync(file, bytes);
}

describe("a graph that is kept", () => {
  it("is taken up when the directory is opened again", async () => {
    const path = await keep();
    expect(takenUp(path)).toBe(COUNT);
    await expectRight(await open({ path }));
  });

  it.each(Object.entries(damage))("is built again when %s", async (_, spoil) => {
    const path = await keep();
    spoil(filesOf(path));
    expect(takenUp(path)).toBe(0);
    const client = await open({ path });
    await expectRight(client);
    await client.close();
    expect(takenUp(path)).toBe(COUNT);
  });

  it("is brought up to date when it is older than the points", async () => {
    const path = await keep();
    const { graph, entries } = filesOf(path);
    for (const file of [graph, entries]) copyFileSync(file, `${file}.old`);
    const client = await open({ path, durability: "relaxed" });
    await client.engine.waitUntilIndexed("docs");
    // Others in the place of some, some gone, some new.
    await client.upsert("docs", points(150, 2));
    await client.deleteMany(
      "docs",
      Array.from({ length: 100 }, (_, n) => `p${200 + n}`),
    );
    await client.upsert("docs", points(70, 3, COUNT));
    await client.close();
    for (const file of [graph, entries]) copyFileSync(`${file}.old`, file);
    const again = await open({ path });
    await expectRight(again, COUNT - 30);
    for (const vector of QUERIES) {
      for (const { id } of await again.search("docs", { vector, topK: 50 })) {
        expect(Number(id.slice(1)) < 200 || Number(id.slice(1)) >= 300).toBe(true);
      }
    }
  });

  it("is of no use for another spec", async () => {
    const path = await keep();
    const client = await open({ path });
    await client.engine.setIndexOptions("docs", { tier: "hnsw", connectivity: 8 });
    await expectRight(client);
    await client.close();
    expect(takenUp(path)).toBe(0);
  });

  it("goes with its collection, and with the wish for it", async () => {
    const path = await keep();
    const client = await open({ path });
    await client.engine.waitUntilIndexed("docs");
    await client.engine.setIndexOptions("docs", { tier: "scan" });
    await client.close();
    expect(readdirSync(join(path, "index"))).toEqual([]);
    const again = await open({ path });
    expect((await again.engine.indexStatus("docs")).tier).toBe("scan");
    await again.engine.setIndexOptions("docs", { tier: "hnsw" });
    await again.engine.waitUntilIndexed("docs");
    expect(existsSync(filesOf(path).graph)).toBe(true);
    await again.deleteCollection("docs");
    expect(readdirSync(join(path, "index"))).toEqual([]);
  });

  it("that cannot be removed keeps nothing from being done", async () => {
    const path = await keep();
    const client = await open({ path });
    await client.engine.waitUntilIndexed("docs");
    // A file system that has become read-only refuses as this directory does.
    rmSync(filesOf(path).graph);
    mkdirSync(filesOf(path).graph);
    await client.engine.setIndexOptions("docs", { tier: "scan" });
    await client.deleteCollection("docs");
    expect(await client.listCollections()).toEqual([]);
  });
});

test("what a process that ended early has left of another collection's graph is removed", async () => {
  const path = await keep();
  writeFileSync(join(path, "index/7.graph"), "left");
  await open({ path });
  expect(readdirSync(join(path, "index")).sort()).toEqual(["0.entries", "0.graph"]);
});

test("a graph that is half built when the directory is closed is finished later", async () => {
  const path = newDirectory();
  const client = await open({ path, durability: "relaxed" });
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "euclidean" });
  await client.engine.setIndexOptions("docs", { tier: "hnsw" });
  await client.upsert("docs", points(COUNT, 1));
  await client.close();
  await expectRight(await open({ path }));
});
