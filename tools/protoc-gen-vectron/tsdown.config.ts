import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts", "src/opaque-image.ts"],
  format: "esm",
  target: "node20",
  platform: "node",
  dts: false,
  clean: true,
  fixedExtension: false,
  hash: false,
});
