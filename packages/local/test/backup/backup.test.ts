import { crc32 as zlibCrc32 } from "node:zlib";
import {
  AlreadyExistsError,
  CancelledError,
  DataLossError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
} from "@vectron/core";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { crc32 } from "../../src/backup/crc32.ts";
import { type EmbeddedClient, type ExportFormat, openVectron } from "../../src/index.ts";
import { openMemory } from "../../src/memory/index.ts";
import { temporaryDirectory } from "../storage/support/directories.ts";

const FORMATS: readonly ExportFormat[] = ["jsonl", "binary"];
const opened: EmbeddedClient[] = [];

afterEach(async () => {
  for (const client of opened.splice(0)) await client.close();
});

function memory(): EmbeddedClient {
  const client = openMemory();
  opened.push(client);
  return client;
}

async function directory(path = temporaryDirectory()): Promise<EmbeddedClient> {
  const client = await openVectron({ path });
  opened.push(client);
  return client;
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const collected: Uint8Array[] = [];
  for await (const piece of pieces) collected.push(piece);
  return Buffer.concat(collected);
}

/** The bytes in pieces of the given length. */
async function* pieces(bytes: Uint8Array, length = 1_000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function contents(client: EmbeddedClient, name: string, topK = 10_000) {
  const { dimension } = await client.getCollectionStatus(name);
  const query = { vector: new Float32Array(dimension), topK, includeVectors: true };
  const hits = await client.search(name, query);
  return new Map(hits.map(({ id, vector, payload }) => [id, { vector, payload }]));
}

async function filled(client: EmbeddedClient, count: number): Promise<void> {
  await client.createCollection({ name: "docs", dimension: 3, distance: "cosine" });
  const points = Array.from({ length: count }, (_, i) => ({
    id: `id ${i} \u{1f600}"\n`,
    vector: [Math.fround(Math.sin(i)), i === 0 ? -0 : 1e-45 * i, 3.4e38],
    payload: (i % 2 === 0 ? { n: `${i}`, ["__proto__"]: "p" } : {}) as Record<string, string>,
  }));
  if (count > 0) await client.upsert("docs", points);
}

describe.each(FORMATS)("an export as %s", (format) => {
  it("becomes the same collection again, in memory and in a directory", async () => {
    const source = await directory();
    await filled(source, 2_500);
    const bytes = await collect(source.engine.exportCollection("docs", { format }));
    const path = temporaryDirectory();
    for (const target of [memory(), await directory(path)]) {
      expect(await target.engine.importCollection(pieces(bytes))).toEqual({ name: "docs", points: 2_500 });
      expect(await target.engine.importCollection(pieces(bytes, 7), { name: "again" })).toEqual({
        name: "again",
        points: 2_500,
      });
      expect(await target.getCollectionStatus("again")).toMatchObject({ dimension: 3, distance: "cosine" });
      for (const name of ["docs", "again"])
        expect(await contents(target, name)).toEqual(await contents(source, "docs"));
      expect(Object.is((await target.get("again", 'id 0 \u{1f600}"\n')).vector[1], -0)).toBe(true);
      await target.close();
    }
    const reopened = await directory(path);
    expect(await reopened.listCollections()).toEqual(["again", "docs"]);
    expect(await contents(reopened, "again")).toEqual(await contents(source, "docs"));
  });

  it("of an empty collection is one", async () => {
    const client = memory();
    await filled(client, 0);
    const bytes = await collect(client.engine.exportCollection("docs", { format }));
    expect(await client.engine.importCollection(pieces(bytes), { name: "copy" })).toEqual({
      name: "copy",
      points: 0,
    });
  });

  it("is of one moment, however much is written while it is read", async () => {
    const client = memory();
    await client.createCollection({ name: "docs", dimension: 256 });
    const vectorOf = (n: number) => new Float32Array(256).fill(n);
    const ids = Array.from({ length: 2_000 }, (_, i) => `${i}`);
    await client.upsert(
      "docs",
      ids.map((id, i) => ({ id, vector: vectorOf(i) })),
    );
    await client.deleteMany("docs", ids.slice(500, 510));
    const before = await contents(client, "docs");
    const collected: Uint8Array[] = [];
    let round = 0;
    for await (const piece of client.engine.exportCollection("docs", { format })) {
      collected.push(piece);
      round += 1;
      await client.upsert(
        "docs",
        ids.map((id) => ({ id, vector: vectorOf(-round) })).filter((_, i) => i % 3 === 0),
      );
      await client.upsert("docs", [{ id: `new ${round}`, vector: vectorOf(round) }]);
      await client.deleteMany("docs", ids.filter((_, i) => i % 7 === round % 7).slice(0, 50));
    }
    expect(round).toBeGreaterThan(5);
    await client.engine.importCollection(pieces(Buffer.concat(collected)), { name: "copy" });
    expect(await contents(client, "copy")).toEqual(before);
  });

  it("that is cut off anywhere is refused, with nothing of it left", async () => {
    const source = memory();
    await filled(source, 300);
    const bytes = await collect(source.engine.exportCollection("docs", { format }));
    const path = temporaryDirectory();
    const target = await directory(path);
    const cuts = [0, 1, 13, 40, bytes.length >> 1, bytes.length - 30, bytes.length - 1];
    for (const cut of cuts) {
      const refused = target.engine.importCollection(pieces(bytes.subarray(0, cut)));
      await expect(refused, `cut at ${cut}`).rejects.toBeInstanceOf(DataLossError);
      expect(await target.listCollections()).toEqual([]);
    }
    await expect(
      target.engine.importCollection(pieces(Buffer.concat([bytes, Buffer.from("x\n")]))),
    ).rejects.toThrow(/goes on after its end/);
    await target.close();
    expect(await (await directory(path)).listCollections()).toEqual([]);
  });

  it("with any byte changed is refused", async () => {
    const source = memory();
    await filled(source, 20);
    const bytes = await collect(source.engine.exportCollection("docs", { format }));
    const target = memory();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= change;
        await expect(target.engine.importCollection(pieces(changed))).rejects.toMatchObject({
          code: expect.stringMatching(/DATA_LOSS|FAILED_PRECONDITION|INVALID_ARGUMENT/),
        });
        expect(await target.listCollections()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("ends when the client is closed, and gives up what it held", async () => {
    const client = memory();
    await filled(client, 50_000);
    const export_ = client.engine.exportCollection("docs", { format })[Symbol.asyncIterator]();
    await export_.next();
    await client.close();
    await expect(export_.next()).rejects.toBeInstanceOf(CancelledError);
    await expect(collect(client.engine.exportCollection("docs"))).rejects.toBeInstanceOf(CancelledError);
    await expect(client.engine.importCollection(pieces(Buffer.from("x")))).rejects.toBeInstanceOf(
      CancelledError,
    );
  });
});

describe("exports and imports", () => {
  it("of JSON lines can be read, and written by hand", async () => {
    const client = memory();
    await client.createCollection({ name: "docs", dimension: 2 });
    await client.upsert("docs", [{ id: "a", vector: [0.1, -2], payload: { lang: "en" } }]);
    const text = (await collect(client.engine.exportCollection("docs", { format: "jsonl" }))).toString();
    const [head, point, end] = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(head).toEqual({
      vectron: "export",
      version: 1,
      name: "docs",
      dimension: 2,
      distance: "euclidean",
    });
    expect(point).toEqual({ id: "a", vector: [Math.fround(0.1), -2], payload: { lang: "en" } });
    expect(end).toEqual({ vectron: "end", points: 1, crc32: expect.stringMatching(/^[0-9a-f]{8}$/) });
    const edited = [
      JSON.stringify({ ...head, name: "edited" }),
      '{"id":"x","vector":[0.1,2]}',
      '{"id":"y","vector":[3,4],"payload":{"k":"v"}}',
      '{"vectron":"end","points":2}\n',
    ].join("\n");
    await client.engine.importCollection(pieces(Buffer.from(edited)));
    expect((await client.get("edited", "x")).vector).toEqual(Float32Array.of(0.1, 2));
    for (const [wrong, message] of [
      [edited.replace('"y"', '"x"').replace("edited", "e2"), /1 of its points have the id of another/],
      [edited.replace("[3,4]", "[3]").replace("edited", "e2"), /line 3: vector dimension 1/],
      [edited.replace("[3,4]", "[3,1e39]").replace("edited", "e2"), /line 3: .*must be finite/],
      [edited.replace('"v"', "1").replace("edited", "e2"), /line 3 is not a point/],
      [
        edited.replace('"points":2', '"points":3').replace("edited", "e2"),
        /said to have 3 points, and has 2/,
      ],
    ] as const) {
      await expect(client.engine.importCollection(pieces(Buffer.from(wrong)))).rejects.toThrow(message);
    }
    expect(await client.listCollections()).toEqual(["docs", "edited"]);
  });

  it("are refused for what is not there, is there already, or is of a newer version", async () => {
    const client = memory();
    await filled(client, 3);
    await expect(collect(client.engine.exportCollection("nope"))).rejects.toBeInstanceOf(NotFoundError);
    const wrong = { format: "csv" } as unknown as { format: ExportFormat };
    await expect(collect(client.engine.exportCollection("docs", wrong))).rejects.toBeInstanceOf(
      InvalidArgumentError,
    );
    const bytes = await collect(client.engine.exportCollection("docs", { format: "jsonl" }));
    await expect(client.engine.importCollection(pieces(bytes))).rejects.toBeInstanceOf(AlreadyExistsError);
    await expect(client.engine.importCollection(pieces(bytes), { name: "" })).rejects.toThrow(/name must be/);
    const newer = Buffer.from(bytes.toString().replace('"version":1', '"version":2'));
    await expect(client.engine.importCollection(pieces(newer), { name: "c" })).rejects.toBeInstanceOf(
      FailedPreconditionError,
    );
  });

  it("name the argument that is wrong", async () => {
    const client = memory();
    await filled(client, 3);
    const bytes = await collect(client.engine.exportCollection("docs"));
    const refused = async (given: unknown, options: unknown, message: string) => {
      const importing = client.engine.importCollection(given as ReturnType<typeof pieces>, options as object);
      await expect(importing).rejects.toBeInstanceOf(InvalidArgumentError);
      await expect(importing).rejects.toThrow(message);
    };
    await refused(bytes, {}, "bytes must be an async iterable of Uint8Array");
    await refused(undefined, {}, "got undefined");
    await refused(pieces(Buffer.from("")), null, "options must be an object, got null");
    await refused(pieces(bytes), { nam: "a" }, 'options has no property "nam"; it has name');
    const text = (async function* () {
      yield bytes.toString();
    })();
    await refused(text, {}, "bytes must yield pieces that are Uint8Array, got string");
    await expect(
      collect(client.engine.exportCollection("docs", { fromat: "jsonl" } as object)),
    ).rejects.toThrow('options has no property "fromat"; it has format');
    expect(await client.listCollections()).toEqual(["docs"]);
  });

  it("of a name that is taken meanwhile leave that collection as it is", async () => {
    const client = await directory();
    await filled(client, 3);
    const bytes = await collect(client.engine.exportCollection("docs"));
    async function* slow() {
      yield* pieces(bytes.subarray(0, 100));
      await client.createCollection({ name: "copy", dimension: 1 });
      yield* pieces(bytes.subarray(100));
    }
    await expect(client.engine.importCollection(slow(), { name: "copy" })).rejects.toBeInstanceOf(
      AlreadyExistsError,
    );
    expect((await client.getCollectionStatus("copy")).dimension).toBe(1);
  });
});

describe("crc32", () => {
  it("is zlib's, of any bytes in any pieces", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (a, b) => {
        expect(crc32(b, crc32(a))).toBe(zlibCrc32(Buffer.concat([a, b])));
      }),
    );
  });
});
