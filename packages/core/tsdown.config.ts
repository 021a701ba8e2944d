import { defineConfig } from "tsdown";

/**
 * How the modules are put together in files, by their paths in `src`. Few files,
 * because each takes time to load in Node; and yet what users' bundlers can part
 * or leave out is in files of its own: bundlers load or leave a file as a whole.
 * What is not named here is placed by the bundler: by which entries need it.
 */
const FILES: readonly (readonly [file: string, modules: RegExp])[] = [
  ["sizes", /^(gen\/.*\/size|wire\/binary\/(size|int64|text|writer))\.ts$/],
  ["protobuf", /^(gen\/.*\/binary\.ts|wire\/binary)/],
  ["json", /^(gen\/.*\/(json|routes)\.ts|wire\/(json|http))/],
  ["wire", /^wire\/(method-index|well-formed)/],
  ["auth-client", /^(client\/(auth-client|sdk-token\/|operations\/auth)|auth\/issued-token)/],
  ["shared-work", /^(auth\/shared-work|runtime\/sleep)/],
  ["recoveries", /^client\/operations\/recoveries/],
  ["json-text", /^data\/json-text/],
  ["bulk-error", /^bulk\/bulk-error/],
  ["request-gate", /^(bulk\/(request-|concurrency-limit|latency-trend)|runtime\/when-aborted)/],
  ["bulk", /^bulk\/(?!bulk-(writer|options)|checkpoint)/],
  [
    "core",
    /^(auth\/(?!provided-token|shared-work)|bulk|call|client\/(?!operations\/(account|collections|many|recoveries)\.ts)|data\/(?!schema-codec|json-text)|errors|faults|observe|runtime\/(?!sleep)|transport|gen\/.*\/methods\.ts|wire\/decode-error)/,
  ],
];

function fileOf(id: string): string | null {
  const path = id.split(/[\\/]packages[\\/]core[\\/]src[\\/]/)[1]?.replaceAll("\\", "/") ?? "";
  if (path.endsWith(".d.ts")) return null;
  return FILES.find(([, modules]) => modules.test(path))?.[0] ?? null;
}

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
  outputOptions: {
    // The sources are in the package.
    sourcemapExcludeSources: true,
    codeSplitting: {
      groups: [{ name: fileOf, test: /[\\/]core[\\/]src[\\/]/ }],
      includeDependenciesRecursively: false,
    },
  },
});
