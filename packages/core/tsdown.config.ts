import { existsSync } from "node:fs";
import { defineConfig } from "tsdown";

const entries = {
  index: "src/index.ts",
  "wire/index": "src/wire/index.ts",
  "connect/index": "src/connect/index.ts",
  "testing/index": "src/testing/index.ts",
  "otel/index": "src/otel/index.ts",
};

export default defineConfig({
  entry: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  dts: true,
  sourcemap: true,
  clean: true,
  fixedExtension: false,
  hash: false,
});
