import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { type OutputChunk, rolldown } from "rolldown";
import { describe, expect, test } from "vitest";

const sources = join(dirname(fileURLToPath(import.meta.url)), "../src");

const ENTRIES = {
  main: "index.ts",
  json: "json/index.ts",
  "grpc-web": "grpc-web/index.ts",
  connect: "connect/index.ts",
};

/** Bundles a page of one line, which may import from this package's sources. */
async function bundle(page: string, { format = "es" as "es" | "iife", trustManifests = true } = {}) {
  const name = join(sources, "../test/page.js");
  const build = await rolldown({
    input: name,
    platform: "browser",
    logLevel: "silent",
    treeshake: trustManifests ? true : { moduleSideEffects: true },
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === name ? id : undefined),
        load: (id) => (id === name ? page : undefined),
      },
    ],
  });
  try {
    const { output } = await build.generate({ format, minify: "dce-only", codeSplitting: format === "es" });
    return output as OutputChunk[];
  } finally {
    await build.close();
  }
}

function entryPath(entry: keyof typeof ENTRIES): string {
  return JSON.stringify(join(sources, ENTRIES[entry]));
}

/** The packages that a page loads before its first call. */
function packagesOf(chunks: readonly OutputChunk[]): string[] {
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of loaded) {
    for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
      loaded.add(imported);
  }
  const modules = chunks
    .filter(({ fileName }) => loaded.has(fileName))
    .flatMap((chunk) => Object.entries(chunk.modules))
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(id)?.[1] ?? "");
  return [...new Set(modules.filter((name) => name !== ""))].sort();
}

const PROTOBUF_ES = ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web"];

test.each([
  ["main", []],
  ["json", []],
  ["grpc-web", PROTOBUF_ES],
  ["connect", PROTOBUF_ES],
] as const)("a page with the client of %s loads these packages beside ours: %j", async (entry, expected) => {
  const page = `import { VectronClient } from ${entryPath(entry)}; globalThis.client = VectronClient;`;
  expect(packagesOf(await bundle(page))).toEqual(expected);
});

test.each(Object.keys(ENTRIES) as (keyof typeof ENTRIES)[])(
  "importing %s alone does nothing, as its manifest says",
  async (entry) => {
    const chunks = await bundle(`import ${entryPath(entry)};`, { trustManifests: false });
    const statements = (chunks[0]?.code ?? "").replace(/^\s*\/\/.*$/gm, "").trim();
    expect(statements.replace(/^import .*;$/gm, "").trim()).toBe("");
  },
);

const PLATFORM_GLOBALS = [
  "window",
  "self",
  "document",
  "location",
  "navigator",
  "process",
  "fetch",
  "Request",
  "crypto",
  "Bun",
];

describe.each(Object.keys(ENTRIES) as (keyof typeof ENTRIES)[])("%s", (entry) => {
  test("can be imported where there is nothing but the language, and reads no global of a platform", async () => {
    const page = `import { VectronClient } from ${entryPath(entry)}; result = typeof VectronClient;`;
    const [chunk] = await bundle(page, { format: "iife" });
    // protobuf-es asks for Deno and, where there is none, looks into process.env; and it reads its descriptors.
    const sandbox: Record<string, unknown> = { result: undefined, Deno: {}, TextEncoder, TextDecoder };
    for (const name of PLATFORM_GLOBALS) {
      Object.defineProperty(sandbox, name, {
        get() {
          throw new Error(`${name} was read`);
        },
      });
    }
    runInNewContext(chunk?.code ?? "", sandbox);
    expect(sandbox.result).toBe("function");
  });
});
