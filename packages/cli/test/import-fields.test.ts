import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, cliJson } from "./support/cli.ts";
import { workplace } from "./support/import-workplace.ts";
import { jsonLines } from "./support/records.ts";

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
    expect(stderr).toMatch(/^error: there is no directory .*data: .*--create/m);
    await cliJson(["collections", "create", "others", "--dimension", "1", "--path", join(directory, "data")]);
    const again = await cli(["import", docs, "-c", "docs", "--path", join(directory, "data")]);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/^error: .*docs.*not found.*--create/m);
  });
});
