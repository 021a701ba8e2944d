import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { rejectedIn, workplace } from "./support/import-workplace.ts";
import { DIMENSION, jsonLines, recordOf, vectorOf } from "./support/records.ts";
import { float32, npy, ROWS, vecs } from "./support/vector-files.ts";

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

it.each([
  ["--rejected", []],
  ["--checkpoint", ["--restart"]],
])("%s does not remove a file that is read", async (option, others) => {
  const { directory, file, load } = workplace();
  const text = `${jsonLines(2).join("\n")}\n`;
  const docs = file("a.jsonl", text);
  symlinkSync(docs, join(directory, "link.jsonl"));
  for (const name of [docs, join(directory, "link.jsonl")]) {
    const { code, stderr } = await load([docs, option, name, ...others]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${option}: ${name} is ${docs} itself, which would be lost: name another file`);
  }
  expect(readFileSync(docs, "utf8")).toBe(text);
});
