import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
  },
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "node",
  dts: true,
  sourcemap: true,
  // The sources are in the package.
  outputOptions: { sourcemapExcludeSources: true },
  clean: true,
  fixedExtension: false,
  hash: false,
});
