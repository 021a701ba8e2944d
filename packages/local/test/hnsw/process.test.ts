import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const PACKAGE = join(import.meta.dirname, "../..");

/** An installation of this package, as it was built, with core and nothing that is optional. */
function installBare(directory: string): void {
  const target = join(directory, "node_modules/@vectron/local");
  mkdirSync(target, { recursive: true });
  cpSync(join(PACKAGE, "dist"), join(target, "dist"), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as object;
  writeFileSync(join(target, "package.json"), JSON.stringify(manifest));
  symlinkSync(join(PACKAGE, "node_modules/@vectron/core"), join(directory, "node_modules/@vectron/core"));
}

const PROGRAM = `
  import { openVectron } from "@vectron/local";
  import { openMemory } from "@vectron/local/memory";
  const warnings = [];
  const logger = { warn: (message, fields) => warnings.push([message, fields.reason]) };
  const results = {};
  for (const [name, client] of [["main", await openVectron({ logger })], ["memory", openMemory()]]) {
    for (const docs of ["a", "b"]) {
      await client.createCollection({ name: docs, dimension: 1, distance: "euclidean" });
      await client.engine.setIndexOptions(docs, { tier: "hnsw" });
      await client.upsert(docs, [{ id: "far", vector: [9] }, { id: "near", vector: [1] }]);
      await client.engine.waitUntilIndexed(docs);
    }
    const hits = await client.search("a", { vector: [0] });
    results[name] = { ids: hits.map(({ id }) => id), status: await client.engine.indexStatus("a") };
    await client.close();
  }
  console.log(JSON.stringify({ warnings, results }));
`;

/** The same for a server. The graph is asked for in a directory, because no call of the wire asks for it. */
const SERVER_PROGRAM = `
  import { openVectron, startServer } from "@vectron/local";
  const client = await openVectron({ path: "./data" });
  await client.createCollection({ name: "docs", dimension: 1, distance: "euclidean" });
  await client.engine.setIndexOptions("docs", { tier: "hnsw" });
  await client.upsert("docs", [{ id: "a", vector: [1] }]);
  await client.close();
  let server;
  const warning = new Promise((resolve) => {
    server = startServer({ path: "./data", logger: { warn: (...said) => resolve(said) } });
  });
  console.log(JSON.stringify(await warning));
  await (await server).close();
`;
test("without the native library the scan answers, and it is said once why", async () => {
  const directory = mkdtempSync(join(tmpdir(), "vectron-bare-"));
  try {
    installBare(directory);
    writeFileSync(join(directory, "program.mjs"), PROGRAM);
    const { stdout } = await promisify(execFile)(process.execPath, [join(directory, "program.mjs")], {
      // A package manager that runs the tests may have named its own folders here.
      env: { ...process.env, NODE_PATH: "" },
    });
    const { warnings, results } = JSON.parse(stdout);
    expect(warnings).toEqual([[expect.stringMatching(/no graph index/), expect.stringMatching(/usearch/)]]);
    expect(results.main.ids).toEqual(["near", "far"]);
    expect(results.main.status).toMatchObject({
      tier: "scan",
      unavailable: expect.stringMatching(/usearch/),
    });
    expect(results.memory.ids).toEqual(["near", "far"]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

const WAITING = `
  import { openVectron } from "@vectron/local";
  const vectors = Array.from({ length: 300 }, (_, n) => ({ id: String(n), vector: [n, 1] }));
  const fill = async (client) => {
    await client.createCollection({ name: "docs", dimension: 2, distance: "euclidean" });
    await client.engine.setIndexOptions("docs", { tier: "hnsw" });
    await client.upsert("docs", vectors);
  };
  const closed = await openVectron();
  await fill(closed);
  const { tier } = await closed.engine.waitUntilIndexed("docs");
  const [{ id }] = await closed.search("docs", { vector: [7, 1] });
  await closed.close();
  // One that is left open does not keep the program from ending.
  await fill(await openVectron());
  console.log(tier, id);
`;

test("a program gets what it awaits from the thread of the graphs, and ends by itself", async () => {
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", WAITING], { cwd: PACKAGE });
  expect((await run).stdout).toBe("hnsw 7\n");
});

test("without the native library a server says so to its logger", async () => {
  const directory = mkdtempSync(join(tmpdir(), "vectron-bare-"));
  try {
    installBare(directory);
    for (const name of ["lmdb", "@grpc/grpc-js", "@bufbuild/protobuf"]) {
      mkdirSync(dirname(join(directory, "node_modules", name)), { recursive: true });
      symlinkSync(join(PACKAGE, "node_modules", name), join(directory, "node_modules", name));
    }
    writeFileSync(join(directory, "program.mjs"), SERVER_PROGRAM);
    const { stdout } = await promisify(execFile)(process.execPath, ["program.mjs"], {
      cwd: directory,
      env: { ...process.env, NODE_PATH: "" },
    });
    const [message, { reason }] = JSON.parse(stdout);
    expect(message).toMatch(/no graph index/);
    expect(reason).toMatch(/usearch/);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
