import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "wire/index": "src/wire/index.ts",
    "connect/index": "src/connect/index.ts",
    "testing/index": "src/testing/index.ts",
    "otel/index": "src/otel/index.ts",
  },
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  dts: true,
  // For `Symbol.asyncDispose`, which a project's own `lib` need not have.
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
  fixedExtension: false,
  hash: false,
});
