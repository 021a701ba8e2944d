import { defineConfig, type UserConfig } from "tsdown";

const common: UserConfig = {
  format: ["esm"],
  target: "es2022",
  dts: false,
  clean: true,
  fixedExtension: false,
  hash: false,
};

export default defineConfig([
  // For runtimes that find packages by themselves: they load what the build of each has made.
  {
    ...common,
    entry: { program: "src/program.ts", engine: "src/engine.ts" },
    outDir: "dist/program",
    platform: "node",
  },
  // For a page and a worker: as a user's bundler would put it together, `import()` included.
  {
    ...common,
    entry: { page: "src/page.ts", worker: "src/worker.ts", "token-worker": "src/token-worker.ts" },
    outDir: "dist/bundle",
    platform: "browser",
    noExternal: [/./],
  },
  // For a service worker, where there is no `import()`: everything in one file.
  {
    ...common,
    entry: { "service-worker": "src/service-worker.ts" },
    outDir: "dist/service-worker",
    platform: "browser",
    noExternal: [/./],
    outputOptions: { codeSplitting: false },
  },
]);
