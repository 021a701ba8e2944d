import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../src/packages/run.ts";
import { checkChangesets } from "../src/release/check-changesets.ts";
import { writeFiles } from "./support/installation.ts";

let root: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "vectron-changesets-"));
  await git("init", "--quiet", "--initial-branch=main");
  await commit({
    ".changeset/README.md": "# Changesets\n",
    ...packageFiles("a"),
    ...packageFiles("b"),
    ...packageFiles("hidden", { private: true }),
  });
  await git("checkout", "--quiet", "-b", "work");
});

afterEach(() => rmSync(root, { recursive: true }));

const UNNAMED = "@test/a has changed, and no changeset names it";
const changeset = (...names: string[]) =>
  `---\n${names.map((name) => `"${name}": patch\n`).join("")}---\n\nMended it.\n`;

test("a change of a package needs a changeset that names it", async () => {
  await commit({ "packages/a/src/index.ts": "export const a = 2;\n" });
  expect(await checkChangesets("main", root)).toEqual([UNNAMED]);
  await commit({ ".changeset/of-b.md": changeset("@test/b") });
  expect(await checkChangesets("main", root)).toEqual([UNNAMED]);
  await commit({ ".changeset/of-both.md": changeset("@test/b", "@test/a") });
  expect(await checkChangesets("main", root)).toEqual([]);
});

test("a changeset of another change does not count", async () => {
  await git("checkout", "--quiet", "main");
  await commit({ ".changeset/earlier.md": changeset("@test/a") });
  await git("checkout", "--quiet", "-b", "later");
  await commit({ "packages/a/package.json": manifest("a", { description: "changed" }) });
  expect(await checkChangesets("main", root)).toEqual([UNNAMED]);
});

test("what main has got since then is not a change", async () => {
  await git("checkout", "--quiet", "main");
  await commit({ "packages/a/src/index.ts": "export const a = 3;\n" });
  await git("checkout", "--quiet", "work");
  await commit({ "docs.md": "More.\n" });
  expect(await checkChangesets("main", root)).toEqual([]);
});

test("a changeset without names says that nobody can notice", async () => {
  await commit({ "packages/a/src/index.ts": "export const a = 2;\n", ".changeset/none.md": "---\n---\n" });
  expect(await checkChangesets("main", root)).toEqual([]);
});

test("tests, documents and private packages need none", async () => {
  await commit({
    "packages/a/test/a.test.ts": "",
    "packages/a/README.md": "",
    "packages/hidden/src/index.ts": "",
    ".changeset/README.md": "# How to\n",
  });
  expect(await checkChangesets("main", root)).toEqual([]);
});

test("a new package needs one, and a release needs none", async () => {
  await commit({ ...packageFiles("new"), "packages/a/package.json": manifest("a", { version: "1.0.1" }) });
  expect(await checkChangesets("main", root)).toEqual(["@test/new has changed, and no changeset names it"]);
});

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  writeFiles(root, files);
  await git("add", "--all");
  const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  await git(...identity, "commit", "--quiet", "--message=change");
}

function git(...args: readonly string[]): Promise<string> {
  return run("git", args, { folder: root });
}

function packageFiles(name: string, more: object = {}): Record<string, string> {
  return {
    [`packages/${name}/package.json`]: manifest(name, more),
    [`packages/${name}/src/index.ts`]: "export const a = 1;\n",
  };
}

function manifest(name: string, more: object): string {
  return JSON.stringify({
    name: `@test/${name}`,
    version: "1.0.0",
    repository: { directory: `packages/${name}` },
    ...more,
  });
}
