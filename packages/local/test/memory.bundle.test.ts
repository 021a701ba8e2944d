import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build, type Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

let code: string;
let metafile: Metafile;

beforeAll(async () => {
  const result = await build({
    stdin: {
      contents: 'import { openMemory } from "./src/memory/index.ts"; globalThis.openMemory = openMemory;',
      resolveDir: PACKAGE,
    },
    absWorkingDir: PACKAGE,
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    target: "es2022",
    // No platform: what is built into Node is not found and fails the build.
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
  });
  code = result.outputFiles[0]!.text;
  metafile = result.metafile;
});

describe("@vectron/local/memory", () => {
  it("is made of this package and the core, and imports nothing at run time", () => {
    const inputs = Object.keys(metafile.inputs);
    for (const input of inputs) expect(input).toMatch(/^(<stdin>|src\/(?!server|parity)|\.\.\/core\/dist\/)/);
    for (const output of Object.values(metafile.outputs)) expect(output.imports).toEqual([]);
    expect(code).not.toMatch(/\brequire\(|\bimport\(|["']node:/);
  });

  it("works where there is nothing but ECMAScript and a few web globals", async () => {
    const sandbox: Record<string, unknown> = {
      AbortController,
      TextEncoder,
      TextDecoder,
      crypto,
      setTimeout,
      clearTimeout,
    };
    createContext(sandbox);
    runInContext(code, sandbox);
    const run = `(async () => {
      const client = openMemory();
      await client.createCollection({ name: "docs", dimension: 2, distance: "cosine" });
      await client.upsert("docs", [{ id: "a", vector: [1, 0] }, { id: "b", vector: [0, 1] }]);
      const results = await client.search("docs", { vector: [0, 2] });
      await client.close();
      return JSON.stringify(results.map(({ id, score }) => [id, score]));
    })()`;
    expect(await runInContext(run, sandbox)).toBe('[["b",0],["a",1]]');
  });
});
