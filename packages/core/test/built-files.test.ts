import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));

/** Each file of the build with the files that it loads at once, by path. */
const files = new Map(
  readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".cjs"))
    .map((name) => {
      const text = readFileSync(join(DIST, name), "utf8");
      const required = text.matchAll(/^(?:const|let|var) \w+ = require\("(\.[^"]+)"\)/gm);
      return [name, [...required].map(([, path = ""]) => relative(DIST, join(DIST, dirname(name), path)))];
    }),
);

/** The way from a file back to itself, if there is one. */
function cycleFrom(name: string, way: readonly string[] = []): readonly string[] | undefined {
  if (way.includes(name)) return [...way, name];
  for (const next of files.get(name) ?? []) {
    const cycle = cycleFrom(next, [...way, name]);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe("the files that the package is built into", () => {
  // Where two wait for each other, one of them sees the other half made: silently, in CommonJS.
  it("load each other in one direction", () => {
    expect([...files.keys()].map((name) => cycleFrom(name))).toEqual([...files.keys()].map(() => undefined));
    expect(files.get("protobuf.cjs")).toContain("sizes.cjs");
  });

  it.each(["index", "wire/index", "connect/index", "testing/index", "otel/index"])(
    "export nothing but what the entry %s says",
    async (entry) => {
      const built = await import(/* @vite-ignore */ join(DIST, `${entry}.js`));
      const source = await import(/* @vite-ignore */ join(DIST, `../src/${entry}.ts`));
      expect(Object.keys(built).sort()).toEqual(Object.keys(source).sort());
    },
  );
});
