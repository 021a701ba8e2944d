import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  DataLossError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
  PermissionDeniedError,
} from "@vectron/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedClient, type OpenOptions, openVectron, startServer } from "../../src/index.ts";
import { compileChild, startChild } from "./support/child.ts";
import { temporaryDirectory } from "./support/directories.ts";

const opened: EmbeddedClient[] = [];

afterEach(async () => {
  for (const client of opened.splice(0)) await client.close();
});

async function open(path: string, options: OpenOptions = {}): Promise<EmbeddedClient> {
  const client = await openVectron({ path, ...options });
  opened.push(client);
  return client;
}

let holder: string;
let leaver: string;
beforeAll(async () => {
  [holder, leaver] = await Promise.all([compileChild("hold"), compileChild("leave-open")]);
});
afterAll(() => {
  for (const program of [holder, leaver]) rmSync(program, { force: true });
});

/** Starts a process that opens the directory, and waits for what it says. */
async function holdInProcess(path: string) {
  let said: (line: string) => void = () => undefined;
  const first = new Promise<string>((resolve) => {
    said = resolve;
  });
  const { child, ended } = startChild([process.execPath, holder, path], (line) => said(line));
  return { child, ended, first: await first };
}

describe.each(["sync", "relaxed"] as const)("a directory, %s", (durability) => {
  it("has everything again when it is opened again", async () => {
    const path = join(temporaryDirectory(), "made", "on the way");
    const client = await open(path, { durability });
    const longId = "é".repeat(32_768);
    await client.createCollection({ name: "docs", dimension: 3, distance: "cosine" });
    await client.createCollection({ name: "dropped", dimension: 3 });
    await client.upsert("docs", [
      { id: "a", vector: [1, -0, 3], payload: { __proto__x: "1", "": "empty key", text: "\u{1f600}\0" } },
      { id: longId, vector: [4, 5, 6], payload: { big: "x".repeat(100_000) } },
      { id: "gone", vector: [7, 8, 9] },
    ]);
    await client.upsert("docs", [{ id: "a", vector: [1.5, -0, 3], payload: { ["__proto__"]: "kept" } }]);
    await client.delete("docs", "gone");
    await client.deleteCollection("dropped");
    const before = await client.getMany("docs", ["a", longId, "gone"]);
    await client.close();

    const again = await open(path, { durability });
    expect(await again.listCollections()).toEqual(["docs"]);
    expect(await again.getCollectionStatus("docs")).toMatchObject({ dimension: 3, distance: "cosine" });
    const after = await again.getMany("docs", ["a", longId, "gone"]);
    expect(after).toEqual(before);
    expect(Object.entries(after[0]!.payload)).toEqual([["__proto__", "kept"]]);
    expect(Object.is(after[0]!.vector[1], -0)).toBe(true);
    const hits = await again.search("docs", { vector: [1.5, 0, 3], topK: 5 });
    expect(hits.map(({ id }) => id)).toEqual(["a", longId]);
  });

  it("takes a collection's name again after it was dropped, with nothing of the old one", async () => {
    const path = temporaryDirectory();
    for (let round = 0; round < 3; round += 1) {
      const client = await open(path, { durability });
      if (round > 0) await client.deleteCollection("docs");
      await client.createCollection({ name: "docs", dimension: 2 });
      const points = Array.from({ length: 5_000 }, (_, i) => ({ id: `${round}-${i}`, vector: [round, i] }));
      await client.upsert("docs", points);
      await client.close();
    }
    const client = await open(path, { durability });
    const hits = await client.search("docs", { vector: [2, 0], topK: 10_000 });
    expect(hits).toHaveLength(5_000);
    expect(hits.every(({ id }) => id.startsWith("2-"))).toBe(true);
  });

  it("keeps what was acknowledged when the process ends without closing it, and lets it end", async () => {
    const path = temporaryDirectory();
    const { ended } = startChild([process.execPath, leaver, path]);
    expect(await ended).toEqual({ code: 0, signal: null, errors: "" });
    const client = await open(path, { durability });
    expect((await client.get("docs", "a")).vector).toEqual(Float32Array.of(1, 2));
  });
});

describe("durability", () => {
  it("can differ from one opening to the next", async () => {
    const path = temporaryDirectory();
    const modes = ["relaxed", "sync", "relaxed", "relaxed", "sync"] as const;
    for (const [n, durability] of modes.entries()) {
      const client = await open(path, { durability });
      await client.ensureCollection({ name: "docs", dimension: 1 });
      await client.upsert("docs", [{ id: `p${n}`, vector: [n] }]);
      expect(
        (
          await client.getMany(
            "docs",
            modes.map((_, i) => `p${i}`),
          )
        ).filter(Boolean),
      ).toHaveLength(n + 1);
      await client.close();
    }
  });

  it("is checked, and refused where it has no effect", async () => {
    await expect(openVectron({ durability: "sync" })).rejects.toThrow(/durability needs path/);
    const wrong = { path: temporaryDirectory(), durability: "none" } as unknown as OpenOptions;
    await expect(openVectron(wrong)).rejects.toThrow('durability must be "sync" or "relaxed"');
    await expect(openVectron({ path: "" })).rejects.toBeInstanceOf(InvalidArgumentError);
  });
});

describe("the lock of a directory", () => {
  it("refuses a second opening in the same process, by whatever path", async () => {
    const path = temporaryDirectory();
    const link = join(temporaryDirectory(), "link");
    symlinkSync(path, link);
    const client = await open(path);
    await expect(openVectron({ path })).rejects.toBeInstanceOf(FailedPreconditionError);
    await expect(openVectron({ path: link })).rejects.toThrow(`in use by this process (pid ${process.pid})`);
    await expect(startServer({ path })).rejects.toThrow(/in use by this process/);
    // The one that has it goes on.
    await client.createCollection({ name: "docs", dimension: 1 });
    await client.close();
    await open(link);
  });

  it("refuses another process and names the holder; gives way when that is done", async () => {
    const path = temporaryDirectory();
    const client = await open(path);
    const refused = await holdInProcess(path);
    expect(refused.first).toMatch(
      new RegExp(
        `^refused FailedPreconditionError: .* in use by process ${process.pid} on host \\S+ since 20`,
      ),
    );
    await refused.ended;
    await client.close();
    const other = await holdInProcess(path);
    expect(other.first).toBe("open");
    await expect(openVectron({ path })).rejects.toThrow(`in use by process ${other.child.pid} `);
    other.child.kill("SIGTERM");
    await other.ended;
    expect(existsSync(join(path, "lock.json"))).toBe(false);
    await open(path);
  });

  it("is taken over from a process that was killed", async () => {
    const path = temporaryDirectory();
    const dead = await holdInProcess(path);
    dead.child.kill("SIGKILL");
    await dead.ended;
    expect(JSON.parse(readFileSync(join(path, "lock.json"), "utf8")).pid).toBe(dead.child.pid);
    await open(path);
    expect(JSON.parse(readFileSync(join(path, "lock.json"), "utf8")).pid).toBe(process.pid);
  });

  it("is taken over from an earlier process of the same pid, or of a pid that another has now", async () => {
    const path = temporaryDirectory();
    await (await open(path)).close();
    const since = new Date(0).toISOString();
    for (const pid of [process.pid, process.ppid]) {
      writeFileSync(join(path, "lock.json"), JSON.stringify({ pid, start: "before", host: "here", since }));
      await (await open(path)).close();
    }
    writeFileSync(join(path, "lock.json"), '{"pid": 1');
    await open(path);
  });

  it("goes to one of many processes that want it at once", async () => {
    const path = temporaryDirectory();
    const processes = await Promise.all(Array.from({ length: 4 }, () => holdInProcess(path)));
    expect(processes.filter(({ first }) => first === "open")).toHaveLength(1);
    for (const { child } of processes) child.kill("SIGKILL");
    await Promise.all(processes.map(({ ended }) => ended));
    await open(path);
  });
});

describe("a directory that is not as it should be", () => {
  it("is refused when a newer version wrote it, and left as it is", async () => {
    const path = temporaryDirectory();
    await (await open(path)).close();
    writeFileSync(join(path, "format.json"), '{"format":"vectron-local","version":2}');
    const before = readdirSync(path);
    const refused = openVectron({ path });
    await expect(refused).rejects.toBeInstanceOf(FailedPreconditionError);
    await expect(refused).rejects.toThrow(
      /newer @vectron\/local, in format 2; this one knows formats up to 1/,
    );
    expect(readdirSync(path)).toEqual(before);
  });

  it.each([
    ["{", DataLossError, /format\.json is damaged: it is not JSON/],
    ["null", DataLossError, /not a JSON object/],
    ['{"format":"other","version":1}', FailedPreconditionError, /not of Vectron/],
    ['{"format":"vectron-local","version":"1"}', DataLossError, /its version is "1"/],
  ])("is refused when its format is %s", async (text, errorClass, message) => {
    const path = temporaryDirectory();
    writeFileSync(join(path, "format.json"), text);
    const refused = openVectron({ path });
    await expect(refused).rejects.toBeInstanceOf(errorClass);
    await expect(refused).rejects.toThrow(message);
  });

  it("is refused when it holds something else", async () => {
    const path = temporaryDirectory();
    writeFileSync(join(path, "thesis.txt"), "");
    await expect(openVectron({ path })).rejects.toThrow(/not a directory of Vectron: it has "thesis.txt"/);
    expect(readdirSync(path)).toEqual(["thesis.txt"]);
    await expect(openVectron({ path: join(path, "thesis.txt") })).rejects.toThrow(/cannot use the directory/);
  });

  it("is refused, not begun anew, when its format is gone and its data is not", async () => {
    const path = temporaryDirectory();
    const client = await open(path);
    await client.createCollection({ name: "docs", dimension: 1 });
    await client.close();
    rmSync(join(path, "format.json"));
    await expect(openVectron({ path })).rejects.toThrow(/it has "data.mdb", and no format.json/);
    writeFileSync(join(path, "format.json"), '{"format":"vectron-local","version":1}');
    expect(await (await open(path)).listCollections()).toEqual(["docs"]);
  });

  it("is made whole when its making was cut short", async () => {
    const path = temporaryDirectory();
    await (await open(path)).close();
    rmSync(join(path, "format.json"));
    writeFileSync(join(path, "format.json.new"), '{"form');
    await (await open(path)).close();
    rmSync(join(path, "format.json"));
    writeFileSync(join(path, "data.mdb"), "half");
    await open(path);
  });

  it("reports a data file that is missing", async () => {
    const path = temporaryDirectory();
    await (await open(path)).close();
    rmSync(join(path, "data.mdb"));
    await expect(openVectron({ path })).rejects.toThrow(/data\.mdb/);
    expect(existsSync(join(path, "data.mdb"))).toBe(false);
  });

  it("acknowledges nothing once it has been deleted", async () => {
    const path = temporaryDirectory();
    const client = await open(path);
    await client.createCollection({ name: "docs", dimension: 1 });
    await client.upsert("docs", [{ id: "a", vector: [1] }]);
    rmSync(path, { recursive: true });
    const lost = client.upsert("docs", [{ id: "b", vector: [1] }]);
    await expect(lost).rejects.toBeInstanceOf(DataLossError);
    await expect(lost).rejects.toThrow(/data\.mdb is damaged: it has been removed while it was open/);
    expect((await client.get("docs", "a")).id).toBe("a");
    await expect(client.get("docs", "b")).rejects.toBeInstanceOf(NotFoundError);
    await client.close();
    mkdirSync(path);
    expect(await (await open(path)).listCollections()).toEqual([]);
  });
});

const canMount = process.platform === "linux" && process.getuid?.() === 0 && tryMount();
if (!canMount) console.warn("skipped: no right to mount, so that nothing saw a read-only or a full disk");

function tryMount(): boolean {
  const path = temporaryDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "vectron-test", path], { stdio: "ignore" });
    execFileSync("umount", [path]);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canMount)("a disk, where root can mount one", () => {
  const mounted: string[] = [];

  function mount(size: string): string {
    const path = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "vectron-test", path]);
    mounted.push(path);
    return path;
  }

  afterEach(async () => {
    for (const client of opened.splice(0)) await client.close();
    for (const path of mounted.splice(0)) execFileSync("umount", ["-l", path]);
  });

  it("that is read-only is refused by name", async () => {
    const path = mount("4m");
    await (await open(path)).close();
    execFileSync("mount", ["-o", "remount,ro", path]);
    const refused = openVectron({ path });
    await expect(refused).rejects.toBeInstanceOf(PermissionDeniedError);
    await expect(refused).rejects.toThrow(path);
  });

  it("without room for a directory is refused, and LMDB, which would end the process, is not asked", async () => {
    const disk = mount("400k");
    const path = join(disk, "data");
    for (const bytes of [396_000, 330_000, 200_000]) {
      writeFileSync(join(disk, "filling"), Buffer.alloc(bytes));
      await expect(openVectron({ path })).rejects.toMatchObject({
        name: "ResourceExhaustedError",
        message: expect.stringMatching(/cannot use the directory .*no space left/),
      });
    }
    rmSync(join(disk, "filling"));
    await (await open(path)).createCollection({ name: "docs", dimension: 2 });
  });

  it.each(["sync", "relaxed"] as const)("that is full loses nothing acknowledged, %s", async (durability) => {
    const path = mount("2m");
    const client = await open(path, { durability });
    await client.createCollection({ name: "docs", dimension: 64 });
    const acknowledged: string[] = [];
    let failure: unknown;
    for (let n = 0; n < 200 && failure === undefined; n += 1) {
      const ids = Array.from({ length: 100 }, (_, i) => `${n}-${i}`);
      const points = ids.map((id) => ({ id, vector: new Float32Array(64).fill(n) }));
      failure = await client.upsert("docs", points).then(
        () => void acknowledged.push(...ids),
        (error: unknown) => error,
      );
    }
    expect(failure).toMatchObject({
      name: "ResourceExhaustedError",
      message: expect.stringMatching(/no space left/i),
    });
    expect(acknowledged.length).toBeGreaterThan(1_000);
    const contents = async (from: EmbeddedClient) =>
      (await from.search("docs", { vector: new Float32Array(64), topK: 100_000 })).map(({ id }) => id).sort();
    expect(await contents(client)).toEqual([...acknowledged].sort());
    await client.close();
    const again = await open(path, { durability });
    expect(await contents(again)).toEqual([...acknowledged].sort());
    // Room that is made can be used.
    execFileSync("mount", ["-o", "remount,size=8m", path]);
    await again.deleteCollection("docs");
    await again.createCollection({ name: "docs", dimension: 64 });
    await again.upsert("docs", [{ id: "after", vector: new Float32Array(64) }]);
    expect(await contents(again)).toEqual(["after"]);
  });
});
