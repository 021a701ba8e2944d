import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "memory/index": "src/memory/index.ts",
    "hnsw/graph-worker": "src/hnsw/graph-worker.ts",
  },
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "node",
  dts: true,
  // For `Symbol.asyncDispose`, which a project's own `lib` need not have.
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  // The sources are in the package.
  outputOptions: { sourcemapExcludeSources: true },
  clean: true,
  fixedExtension: false,
  hash: false,
});
