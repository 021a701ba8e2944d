import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, cliJson, serve, temporaryDirectory } from "./support/cli.ts";

const TOKEN = "a-token";

/** Where commands can work, and the options that lead there. */
const TARGETS: Record<string, () => Promise<string[]>> = {
  gRPC: async () => ["--host", (await serve(["--api-key", TOKEN])).grpcAddress, "--api-key", TOKEN],
  "HTTP/JSON": async () => ["--host", (await serve(["--api-key", TOKEN])).httpUrl, "--api-key", TOKEN],
  "a directory": async () => ["--path", join(temporaryDirectory(), "data")],
};

describe.each(Object.entries(TARGETS))("over %s", (_name, reach) => {
  it("creates, lists, describes and deletes collections", async () => {
    const where = await reach();
    const created = await cli([
      "collections",
      "create",
      "docs",
      "--dimension",
      "3",
      "--distance",
      "cosine",
      ...where,
    ]);
    expect(created).toMatchObject({ code: 0, stdout: "created docs: 3 dimensions, cosine\n" });
    expect(await cliJson(["collections", "list", ...where])).toEqual(["docs"]);
    expect(await cliJson(["collections", "status", "docs", ...where])).toMatchObject({
      name: "docs",
      dimension: 3,
      distance: "cosine",
      shards: [{ ready: true }],
    });
    const again = await cli(["collections", "create", "docs", "--dimension", "3", ...where]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^error: .*docs/);
    const same = [
      "collections",
      "create",
      "docs",
      "--dimension",
      "3",
      "--distance",
      "cosine",
      "--if-missing",
    ];
    expect(await cli([...same, ...where])).toMatchObject({
      code: 0,
      stdout: "there already: docs: 3 dimensions, cosine\n",
    });
    expect((await cli(["collections", "delete", "docs", "--yes", ...where])).code).toBe(0);
    expect((await cli(["collections", "list", ...where])).stdout).toBe("there are no collections\n");
    expect(await cliJson([...same, ...where])).toMatchObject({ name: "docs", created: true, ready: true });
  });

  it("writes, reads, searches and deletes points", async () => {
    const where = await reach();
    await cliJson(["collections", "create", "docs", "--dimension", "2", ...where]);
    for (const [id, vector] of [
      ["a", "0,0"],
      ["b", "1,0"],
      ["c", "5,5"],
    ] as const) {
      const payload = ["--payload", `name=${id} one`, "--payload", '{"year":1937,"tags":["x"],"none":null}'];
      await cliJson(["upsert", "docs", "--id", id, "--vector", vector, ...payload, ...where]);
    }
    expect(await cliJson(["get", "docs", "c", ...where])).toEqual([
      { id: "c", vector: [5, 5], payload: { name: "c one", year: "1937", tags: '["x"]' } },
    ]);
    expect(
      await cliJson(["search", "docs", "--vector", "[0.9, 0]", "-k", "2", "--no-payload", ...where]),
    ).toEqual([
      { id: "b", score: expect.closeTo(0.01, 5) },
      { id: "a", score: expect.closeTo(0.81, 5) },
    ]);
    const like = await cli([
      "search",
      "docs",
      "--id",
      "a",
      "--format",
      "jsonl",
      "--include-vectors",
      ...where,
    ]);
    expect(
      like.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: "b", score: 1, vector: [1, 0], payload: { name: "b one" } },
      { id: "c", score: 50, vector: [5, 5] },
    ]);
    const table = await cli(["search", "docs", "--vector", "0,0", "-k", "1", ...where]);
    expect(table.stdout.split("\n")[0]).toBe("#   score  id  payload");
    expect(table.stdout).toMatch(/^1 {2}0\.0000 {2}a {3}name="a one" year=1937/m);
    const some = await cli(["get", "docs", "a", "gone", ...where]);
    expect(some).toMatchObject({ code: 3, stderr: 'missing: "gone"\n' });
    expect(some.stdout).toMatch(/^a\n {2}vector {3}2 dimensions \[0, 0\]\n {2}name {5}a one/);
    const gone = await cli(["get", "docs", "gone", ...where]);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toMatch(/^error: .*gone.*not found/);
    expect(await cliJson(["delete", "docs", "a", "gone", ...where])).toEqual({ deleted: 2 });
    expect((await cli(["get", "docs", "a", ...where])).code).toBe(1);
  });
});

describe("search --watch", () => {
  it.each(["gRPC", "Connect", "HTTP/JSON"])("over %s", async (name) => {
    const { grpcAddress, httpUrl } = await serve();
    const grpc = ["--host", grpcAddress];
    await cliJson(["collections", "create", "docs", "--dimension", "2", ...grpc]);
    await cliJson(["upsert", "docs", "--id", "a", "--vector", "0,0", ...grpc]);
    const http = ["--host", httpUrl, "--protocol", name === "Connect" ? "connect" : "json"];
    const where = name === "gRPC" ? grpc : http;
    const watched = await cli([
      "search",
      "docs",
      "--vector",
      "0,1",
      "--watch",
      "--format",
      "jsonl",
      ...where,
    ]);
    if (name === "HTTP/JSON") {
      expect(watched.code).toBe(1);
      expect(watched.stderr).toMatch(/^error: .*stream/i);
      return;
    }
    expect(watched.code).toBe(0);
    const snapshots = watched.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(snapshots.at(-1)).toEqual({
      snapshot: snapshots.length,
      results: [{ id: "a", score: 1, payload: {} }],
    });
  });
});

describe("a vector", () => {
  it.each([
    ["text", "q.txt", Buffer.from("1 0\n")],
    ["JSON", "q.json", Buffer.from("[1, 0]")],
    ["fvecs", "q.fvecs", Buffer.from([2, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0])],
  ])("is read from a file of %s", async (_name, file, bytes) => {
    const directory = temporaryDirectory();
    const where = ["--path", join(directory, "data")];
    writeFileSync(join(directory, file), bytes);
    await cliJson(["collections", "create", "docs", "--dimension", "2", ...where]);
    await cliJson(["upsert", "docs", "--id", "a", "--vector-file", join(directory, file), ...where]);
    expect(await cliJson(["get", "docs", "a", ...where])).toMatchObject([{ vector: [1, 0] }]);
    expect(await cliJson(["search", "docs", "--vector-file", join(directory, file), ...where])).toMatchObject(
      [{ id: "a", score: 0 }],
    );
  });

  it("is read from standard input", async () => {
    const where = ["--path", join(temporaryDirectory(), "data")];
    await cliJson(["collections", "create", "docs", "--dimension", "2", ...where]);
    await cliJson(["upsert", "docs", "--id", "a", "--vector", "3,4", ...where]);
    const found = await cliJson(["search", "docs", "--vector-file", "-", ...where], { input: "0,0" });
    expect(found).toMatchObject([{ id: "a", score: 25 }]);
  });
});

it("text of others cannot command the terminal", async () => {
  const where = ["--path", join(temporaryDirectory(), "data")];
  await cliJson(["collections", "create", "docs", "--dimension", "1", ...where]);
  await cliJson([
    "upsert",
    "docs",
    "--id",
    "a\u001b[2J",
    "--vector",
    "1",
    "--payload",
    "x=\u001b]0;title\u0007",
    ...where,
  ]);
  for (const args of [
    ["search", "docs", "--vector", "1"],
    ["get", "docs", "a\u001b[2J"],
  ]) {
    const { stdout } = await cli([...args, ...where]);
    expect(stdout).toContain("a\\u001b[2J");
    expect(stdout).not.toContain("\u001b");
  }
});

it("a directory that is not there is not made by a command that only looks into it", async () => {
  const path = join(temporaryDirectory(), "typo");
  for (const args of [
    ["collections", "list"],
    ["get", "docs", "a"],
    ["search", "docs", "--vector", "1"],
  ]) {
    const { code, stderr } = await cli([...args, "--path", path]);
    expect(code).toBe(2);
    expect(stderr).toContain(`error: there is no directory ${path}: \`vectron collections create\``);
  }
  expect(existsSync(path)).toBe(false);
  expect((await cli(["collections", "create", "docs", "--dimension", "1", "--path", path])).code).toBe(0);
});
