import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { cli, cliJson } from "./support/cli.ts";
import { rejectedIn, workplace } from "./support/import-workplace.ts";
import { DIMENSION, jsonLines, recordOf } from "./support/records.ts";
import { float32, npy, ROWS, vecs } from "./support/vector-files.ts";

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
