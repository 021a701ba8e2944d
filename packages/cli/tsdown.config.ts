import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { main: "src/main.ts" },
  format: ["esm"],
  target: "es2022",
  platform: "node",
  dts: false,
  sourcemap: true,
  // The sources are in the package.
  outputOptions: { sourcemapExcludeSources: true },
  clean: true,
  fixedExtension: false,
  hash: false,
});
