import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { cli, cliJson, serve, temporaryDirectory } from "./support/cli.ts";
import { recordOf, writeJsonl } from "./support/records.ts";

function pointsIn(text: string) {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const expected = (index: number) => {
  const { id, embedding, title, year } = recordOf(index);
  return { id, vector: embedding, payload: { title, year: String(year) } };
};

describe("export of a directory", () => {
  it("writes every point, to a file or to standard output", async () => {
    const directory = temporaryDirectory();
    const where = ["--path", join(directory, "data")];
    writeJsonl(join(directory, "docs.jsonl"), 700);
    await cliJson(["import", join(directory, "docs.jsonl"), "-c", "docs", "--create", ...where]);
    const { code, stdout } = await cli(["export", "docs", ...where]);
    expect(code).toBe(0);
    const points = pointsIn(stdout);
    expect(points.map(({ id }) => id).sort()).toEqual(
      Array.from({ length: 700 }, (_, i) => `doc-${i}`).sort(),
    );
    for (const point of points) expect(point).toEqual(expected(Number(point.id.slice(4))));

    const packed = join(directory, "out.jsonl.gz");
    expect(await cliJson(["export", "docs", ...where, "-o", packed])).toEqual({
      exported: 700,
      missing: 0,
      output: packed,
    });
    expect(gunzipSync(readFileSync(packed)).toString("utf8")).toBe(stdout);
    expect(existsSync(`${packed}.part`)).toBe(false);
  });

  it.each(["jsonl", "jsonl.gz", "parquet"])("says why a file cannot be written, as %s", async (format) => {
    const directory = temporaryDirectory();
    const where = ["--path", join(directory, "data")];
    writeJsonl(join(directory, "docs.jsonl"), 3);
    await cliJson(["import", join(directory, "docs.jsonl"), "-c", "docs", "--create", ...where]);
    const { code, stderr } = await cli([
      "export",
      "docs",
      ...where,
      "-o",
      join(directory, "gone", `x.${format}`),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: ENOENT: no such file or directory, open '.*\.part'\n$/);
  });
});

describe("export of a server", () => {
  it("says that it needs ids", async () => {
    const { grpcAddress } = await serve();
    const { code, stderr } = await cli(["export", "docs", "--host", grpcAddress]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: a server has no call that lists the points.*--ids/);
  });

  it("writes the points of a list of ids, and names those that do not exist", async () => {
    const directory = temporaryDirectory();
    const { grpcAddress } = await serve();
    const where = ["--host", grpcAddress];
    writeJsonl(join(directory, "docs.jsonl"), 300);
    await cliJson(["import", join(directory, "docs.jsonl"), "-c", "docs", "--create", ...where]);
    const ids = join(directory, "ids.txt");
    writeFileSync(ids, `${Array.from({ length: 300 }, (_, i) => `doc-${299 - i}`).join("\n")}\ngone\n`);
    const out = join(directory, "out.jsonl");
    const { code, stdout, stderr } = await cli([
      "export",
      "docs",
      ...where,
      "--ids",
      ids,
      "-o",
      out,
      "--json",
    ]);
    expect(code).toBe(3);
    expect(stderr).toBe('missing: "gone"\n');
    expect(JSON.parse(stdout)).toEqual({ exported: 300, missing: 1, output: out });
    expect(pointsIn(readFileSync(out, "utf8"))).toEqual(
      Array.from({ length: 300 }, (_, i) => expected(299 - i)),
    );
  });

  it("takes ids from standard input", async () => {
    const where = ["--path", join(temporaryDirectory(), "data")];
    await cliJson(["collections", "create", "docs", "--dimension", "1", ...where]);
    await cliJson(["upsert", "docs", "--id", "a", "--vector", "1", ...where]);
    const { code, stdout } = await cli(["export", "docs", "--ids", "-", ...where], { input: "a\n" });
    expect(code).toBe(0);
    expect(pointsIn(stdout)).toEqual([{ id: "a", vector: [1], payload: {} }]);
  });

  it("leaves nothing of a file when it fails", async () => {
    const directory = temporaryDirectory();
    const out = join(directory, "out.parquet");
    await cliJson(["collections", "create", "docs", "--dimension", "1", "--path", join(directory, "data")]);
    const { code } = await cli(["export", "none", "--path", join(directory, "data"), "-o", out]);
    expect(code).toBe(1);
    expect(existsSync(out) || existsSync(`${out}.part`)).toBe(false);
  });
});
