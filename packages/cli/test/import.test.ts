import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type CliResult, cli, cliJson, temporaryDirectory } from "./support/cli.ts";
import { DIMENSION, jsonLines, recordOf, vectorOf } from "./support/records.ts";

interface Workplace {
  readonly directory: string;
  file(name: string, contents: string | Uint8Array): string;
  /** Imports files into the collection `docs` of a directory. */
  load(args: readonly string[], input?: string): Promise<CliResult>;
  /** Everything that the collection holds, by id. */
  stored(): Promise<Map<string, { id: string; vector: number[]; payload: Record<string, string> }>>;
}

function workplace(): Workplace {
  const directory = temporaryDirectory();
  const path = join(directory, "data");
  return {
    directory,
    file(name, contents) {
      writeFileSync(join(directory, name), contents);
      return join(directory, name);
    },
    load: (args, input) =>
      cli(["import", ...args, "-c", "docs", "--create", "--path", path, "--json"], { cwd: directory, input }),
    async stored() {
      const { code, stdout, stderr } = await cli(["export", "docs", "--path", path]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return new Map(
        stdout
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line))
          .map((point) => [point.id, point]),
      );
    },
  };
}

function rejectedIn(file: string): Record<string, unknown>[] {
  return readFileSync(`${file}.docs.rejected.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("the guess at fields", () => {
  it("is shown, and creates the collection from the data", async () => {
    const { directory, file } = workplace();
    const docs = file("docs.jsonl", `${jsonLines(20).join("\n")}\n`);
    const path = join(directory, "data");
    const args = ["import", docs, "-c", "docs", "--create", "--distance", "cosine", "--path", path];
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toMatch(
      /docs\.jsonl: jsonl\n {2}id {7}from "id"\n {2}vector {3}from "embedding", 8 components\n/,
    );
    expect(stderr).toMatch(/payload {2}from "title", "year"\ncreated docs: 8 dimensions, cosine\n/);
    expect(stdout).toMatch(/^loaded 20 records into docs in /);
    expect(code).toBe(0);
    expect(await cliJson(["collections", "status", "docs", "--path", path])).toMatchObject({
      dimension: 8,
      distance: "cosine",
    });
    expect(existsSync(`${docs}.docs.checkpoint.json`)).toBe(false);
    expect(existsSync(`${docs}.docs.rejected.jsonl`)).toBe(false);
  });

  it("gives way to what the flags say", async () => {
    const { file, load, stored } = workplace();
    const docs = file("docs.jsonl", '{"a":7,"id":"x","v":[1,2],"vector":[9],"keep":{"b":[1]},"drop":"y"}\n');
    const { code } = await load([docs, "--id-field", "a", "--vector-field", "v", "--payload-fields", "keep"]);
    expect(code).toBe(0);
    expect([...(await stored()).values()]).toEqual([
      { id: "7", vector: [1, 2], payload: { keep: '{"b":[1]}' } },
    ]);
  });

  it("names the option to pass when it cannot tell", async () => {
    const { file, load } = workplace();
    const noId = await load([file("a.jsonl", '{"vector":[1]}\n')]);
    expect(noId).toMatchObject({ code: 2, stderr: expect.stringMatching(/--id-field/) });
    const noVector = await load([file("b.jsonl", '{"id":"a","x":"y"}\n')]);
    expect(noVector).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--vector-field.*its fields are id, x/),
    });
    const misnamed = await load([file("c.jsonl", '{"id":"a","vector":[1]}\n'), "--payload-fields", "z"]);
    expect(misnamed).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\\"z\\" \(--payload-fields\)/),
    });
  });

  it("does not create what it was not asked to", async () => {
    const { directory, file } = workplace();
    const docs = file("docs.jsonl", '{"id":"a","vector":[1]}\n');
    const { code, stderr } = await cli(["import", docs, "-c", "docs", "--path", join(directory, "data")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*docs.*not found.*--create/m);
  });
});

/** Little-endian bytes of numbers. */
function float32(values: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}

function npy(descr: string, shape: string, data: Buffer): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([
    Buffer.from("\u0093NUMPY\u0001\u0000", "latin1"),
    length,
    Buffer.from(padded, "latin1"),
    data,
  ]);
}

function vecs(
  rows: readonly (readonly number[])[],
  componentBytes: (values: readonly number[]) => Buffer,
): Buffer {
  return Buffer.concat(
    rows.flatMap((row) => {
      const length = Buffer.alloc(4);
      length.writeInt32LE(row.length);
      return [length, componentBytes(row)];
    }),
  );
}

const ROWS = [0, 1, 2].map((index) => vectorOf(index));

describe("formats", () => {
  it.each<[string, string, string | Uint8Array, string[]]>([
    [
      "CSV with a list",
      "a.csv",
      `id,vec,title\n${ROWS.map((v, i) => `p${i},"[${v.join(", ")}]","T, ${i}"`).join("\n")}`,
      [],
    ],
    [
      "CSV with a field a component",
      "a.csv",
      `id,${ROWS[0]!.map((_, i) => `dim_${i}`).join(",")},title\r\n${ROWS.map((v, i) => `p${i},${v.join(",")},"T, ${i}"`).join("\r\n")}\r\n`,
      [],
    ],
    [
      "CSV with a byte order mark and semicolons",
      "a.csv",
      `\ufeffid;embedding;title\n${ROWS.map((v, i) => `p${i};${v.join(" ")};T, ${i}`).join("\n")}\n`,
      ["--delimiter", ";"],
    ],
    [
      "CSV without a header",
      "a.csv",
      ROWS.map((v, i) => `p${i},${v.join(" ")},"T, ${i}"`).join("\n"),
      ["--no-header", "--id-field", "column1", "--vector-field", "column2"],
    ],
    [
      "TSV",
      "a.tsv",
      `id\tvector\ttitle\n${ROWS.map((v, i) => `p${i}\t${v.join(",")}\tT, ${i}`).join("\n")}`,
      [],
    ],
    [
      "JSON lines with a payload of their own",
      "a.ndjson",
      ROWS.map((vector, i) => JSON.stringify({ id: `p${i}`, vector, payload: { title: `T, ${i}` } })).join(
        "\n",
      ),
      [],
    ],
    [
      "gzip",
      "a.jsonl.gz",
      gzipSync(ROWS.map((vector, i) => JSON.stringify({ id: `p${i}`, vector, title: `T, ${i}` })).join("\n")),
      [],
    ],
  ])("%s", async (_name, name, contents, args) => {
    const { file, load, stored } = workplace();
    const { code, stderr } = await load([file(name, contents), ...args]);
    expect(stderr.replace(/^created.*\n/, "")).toBe("");
    expect(code).toBe(0);
    const points = await stored();
    expect([...points.keys()].sort()).toEqual(["p0", "p1", "p2"]);
    for (const [i, vector] of ROWS.entries()) {
      const { vector: kept, payload } = points.get(`p${i}`)!;
      expect(kept).toEqual(vector);
      expect(Object.values(payload)).toEqual([`T, ${i}`]);
    }
  });

  it.each<[string, string, Uint8Array, string[]]>([
    ["npy of float32", "a.npy", npy("<f4", `(3, ${DIMENSION})`, float32(ROWS.flat())), ["0", "1", "2"]],
    [
      "npy of float64",
      "a.npy",
      npy("<f8", `(3, ${DIMENSION})`, Buffer.from(Float64Array.from(ROWS.flat()).buffer)),
      ["0", "1", "2"],
    ],
    ["fvecs", "a.fvecs", vecs(ROWS, float32), ["0", "1", "2"]],
    ["packed fvecs", "a.fvecs.gz", gzipSync(vecs(ROWS, float32)), ["0", "1", "2"]],
    [
      "GloVe's text",
      "glove.txt",
      Buffer.from(ROWS.map((v, i) => `${i} ${v.join(" ")}`).join("\n")),
      ["0", "1", "2"],
    ],
    [
      "word2vec's text",
      "a.vec",
      Buffer.from(`3 8\n${ROWS.map((v, i) => `${i} ${v.join(" ")}`).join("\n")}`),
      ["0", "1", "2"],
    ],
  ])("%s", async (_name, name, contents, ids) => {
    const { file, load, stored } = workplace();
    expect((await load([file(name, contents)])).code).toBe(0);
    const points = await stored();
    expect([...points.keys()].sort()).toEqual(ids);
    ids.forEach((id, i) => {
      expect(points.get(id)!.vector).toEqual(ROWS[i]);
    });
  });

  it("bvecs, with ids of their own", async () => {
    const { file, load, stored } = workplace();
    const bytes = [
      [1, 2, 255],
      [0, 4, 5],
    ];
    const names = file("ids.txt", "x\r\ny\r\n");
    const { code } = await load([
      file(
        "a.bvecs",
        vecs(bytes, (row) => Buffer.from(row)),
      ),
      "--ids",
      names,
    ]);
    expect(code).toBe(0);
    expect([...(await stored()).values()]).toMatchObject([
      { id: "x", vector: [1, 2, 255] },
      { id: "y", vector: [0, 4, 5] },
    ]);
  });

  it("Parquet, as export writes it", async () => {
    const { directory, file, load, stored } = workplace();
    await load([file("a.jsonl", `${jsonLines(300).join("\n")}\n`)]);
    const before = await stored();
    const parquet = join(directory, "out.parquet");
    await cliJson(["export", "docs", "--path", join(directory, "data"), "-o", parquet]);
    const other = join(directory, "other");
    const { code } = await cli(["import", parquet, "-c", "docs", "--create", "--path", other]);
    expect(code).toBe(0);
    const { stdout } = await cli(["export", "docs", "--path", other]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([...before.values()]);
  });

  it("standard input", async () => {
    const { load, stored } = workplace();
    expect((await load(["-"], "x")).stderr).toMatch(/--format/);
    const { code } = await load(["-", "--format", "jsonl"], jsonLines(5).join("\n"));
    expect(code).toBe(0);
    expect((await stored()).size).toBe(5);
  });

  it("several files, whose duplicates are found across them", async () => {
    const { file, load, stored } = workplace();
    const a = file("a.jsonl", `${jsonLines(5).join("\n")}\n`);
    const b = file("b.jsonl", `${JSON.stringify(recordOf(3))}\n${JSON.stringify(recordOf(7))}\n`);
    const { code, stdout } = await load([a, b]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ written: 6, rejected: 1 });
    expect(rejectedIn(a)).toEqual([
      { file: b, line: 1, id: "doc-3", reason: `the id "doc-3" came already in line 4 of ${a}` },
    ]);
    expect((await stored()).size).toBe(6);
  });
});

describe("a malformed file", () => {
  it("has every bad record told by line and reason, and the good ones loaded", async () => {
    const { file, load, stored } = workplace();
    const lines = jsonLines(120);
    lines[16] = '{"id": "doc-16", "embedding": [1, 2';
    lines[29] = "[1, 2, 3]";
    lines[89] = '{"id":"doc-89","embedding":[1,2,3]}';
    lines[94] = '{"id":"doc-94","embedding":[1,2,3,4,5,6,7,NaN]}';
    lines[95] = '{"id":"doc-95","embedding":[1,2,3,4,5,6,7,1e39]}';
    lines[96] = '{"id":"doc-96","embedding":[1,2,3,4,5,6,7,null]}';
    lines[97] = '{"embedding":[1,2,3,4,5,6,7,8]}';
    lines[98] = '{"id":"doc-98"}';
    lines[99] = JSON.stringify(recordOf(5));
    const docs = file("docs.jsonl", `\ufeff${lines.join("\r\n")}\r\n\r\n`);
    const { code, stdout } = await load([docs]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      written: 111,
      rejected: 9,
      rejectedFile: `${docs}.docs.rejected.jsonl`,
    });
    expect(rejectedIn(docs)).toEqual([
      { file: docs, line: 17, reason: expect.stringMatching(/^the line is not JSON: /) },
      { file: docs, line: 30, reason: expect.stringMatching(/no object/) },
      { file: docs, line: 90, id: "doc-89", reason: "the record.vector must have 8 components, got 3" },
      { file: docs, line: 95, reason: expect.stringMatching(/^the line is not JSON: .*NaN/) },
      {
        file: docs,
        line: 96,
        id: "doc-95",
        reason: expect.stringMatching(/vector\[7\] must be a finite float32 number, got 1e\+39/),
      },
      {
        file: docs,
        line: 97,
        id: "doc-96",
        reason: expect.stringMatching(/vector\[7\] must be a number, got null/),
      },
      { file: docs, line: 98, reason: expect.stringMatching(/id/) },
      {
        file: docs,
        line: 99,
        id: "doc-98",
        reason: expect.stringMatching(/vector must be an array of numbers, got undefined/),
      },
      { file: docs, line: 100, id: "doc-5", reason: 'the id "doc-5" came already in line 6' },
    ]);
    expect((await stored()).size).toBe(111);
  });

  it("may have its duplicates replaced", async () => {
    const { file, load, stored } = workplace();
    const docs = file("a.jsonl", '{"id":"a","vector":[1]}\n{"id":"a","vector":[2]}\n');
    expect((await load([docs, "--on-duplicate", "replace"])).code).toBe(0);
    expect((await stored()).get("a")!.vector).toEqual([2]);
  });

  it("may have the id of a refused record again", async () => {
    const { file, load, stored } = workplace();
    const docs = file(
      "a.jsonl",
      '{"id":"b","vector":[1]}\n{"id":"a","vector":[1e39]}\n{"id":"a","vector":[2]}\n',
    );
    expect((await load([docs])).code).toBe(3);
    expect((await stored()).get("a")!.vector).toEqual([2]);
  });

  it("of CSV has its lines counted, through fields of several lines", async () => {
    const { file, load, stored } = workplace();
    const docs = file(
      "a.csv",
      'id,vector,text\na,1 2,"one\ntwo"\nb,1 x,no\nc,1 2,too,many\nd,nan 2,no\ne,3 4,yes\n',
    );
    const { code } = await load([docs]);
    expect(code).toBe(3);
    expect(rejectedIn(docs)).toEqual([
      { file: docs, line: 4, id: "b", reason: expect.stringMatching(/vector/) },
      { file: docs, line: 5, reason: expect.stringMatching(/3.*4|columns|fields/i) },
      { file: docs, line: 6, id: "d", reason: expect.stringMatching(/vector\[0\].*NaN/) },
    ]);
    expect([...(await stored()).keys()]).toEqual(["a", "e"]);
  });

  it.each([
    ["JSON lines", "a.jsonl.gz", Buffer.from(`${jsonLines(500).join("\n")}\n`), "line"],
    [
      "fvecs",
      "a.fvecs.gz",
      vecs(
        Array.from({ length: 500 }, (_, i) => vectorOf(i)),
        float32,
      ),
      "row",
    ],
    [
      "CSV",
      "a.csv.gz",
      Buffer.from(
        `id,vector\n${Array.from({ length: 500 }, (_, i) => `${i},${vectorOf(i).join(" ")}`).join("\n")}\n`,
      ),
      "line",
    ],
  ])("of gzip that is cut off keeps what could be unpacked: %s", async (_name, name, contents, place) => {
    const { file, load, stored } = workplace();
    const packed = gzipSync(contents);
    const docs = file(name, packed.subarray(0, packed.length * 0.7));
    const { code, stdout } = await load([docs]);
    expect(code).toBe(3);
    const { written } = JSON.parse(stdout);
    expect(written).toBeGreaterThan(150);
    expect((await stored()).size).toBe(written);
    expect(rejectedIn(docs)).toEqual([
      {
        file: docs,
        // CSV has a line of names before its records.
        [place]: written + (name.startsWith("a.csv") ? 2 : 1),
        reason: "the gzip data ends too early: the file is cut off",
      },
    ]);
  });

  it.each([
    ["fvecs", "a.fvecs", vecs(ROWS, float32).subarray(0, 80), "the file ends within vector 3"],
    [
      "npy",
      "a.npy",
      npy("<f4", `(3, ${DIMENSION})`, float32(ROWS.flat()).subarray(0, 80)),
      "the file ends after 2 of 3 rows",
    ],
  ])("of %s that is cut off keeps its whole vectors", async (_name, name, contents, reason) => {
    const { file, load, stored } = workplace();
    const docs = file(name, contents);
    expect((await load([docs])).code).toBe(3);
    expect(rejectedIn(docs)).toEqual([{ file: docs, row: 3, reason }]);
    expect((await stored()).size).toBe(2);
  });

  it("that is empty is a failure", async () => {
    const { file, load } = workplace();
    const first = file("a.jsonl", `${jsonLines(2).join("\n")}\n`);
    await load([first]);
    const empty = file("empty.jsonl", "");
    const { code, stdout } = await load([empty]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ written: 0, rejected: 1 });
    expect(rejectedIn(empty)).toEqual([{ file: empty, line: 1, reason: "the file holds no records" }]);
  });

  it("that is wrong as a whole is given up", async () => {
    const { file, load } = workplace();
    const docs = file("a.jsonl", `${jsonLines(2).join("\n")}\n${"no\n".repeat(50)}`);
    const { code, stderr } = await load([docs, "--max-rejected", "10"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/more than 10 records were rejected.*--max-rejected/);
    expect(rejectedIn(docs).length).toBeGreaterThan(0);
  });
});

it("the file of rejected records can be elsewhere, and is not left from an earlier run", async () => {
  const { directory, file, load } = workplace();
  const rejected = join(directory, "why.jsonl");
  const docs = file("a.jsonl", '{"id":"a","vector":[1]}\nno\n');
  expect((await load([docs, "--rejected", rejected])).code).toBe(3);
  expect(existsSync(rejected)).toBe(true);
  file("a.jsonl", '{"id":"a","vector":[1]}\n');
  expect((await load([docs, "--rejected", rejected])).code).toBe(0);
  expect(existsSync(rejected)).toBe(false);
});
