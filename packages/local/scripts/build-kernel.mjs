// Compiles kernel/scan.ts to WebAssembly and writes it, as text, to src/scan/gen/kernel.ts: a module that is part
// of the source needs no file read and no fetch, and so loads in every runtime. With --check it writes nothing
// and fails if the file in the tree is not what would be written.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE = "kernel/scan.ts";
const OUTPUT = "src/scan/gen/kernel.ts";
/** Browsers have long refused to compile more than this on their main thread without a promise. */
const MAX_BYTES = 4096;
const FLAGS = [
  "--optimizeLevel=3",
  "--enable=simd",
  "--runtime=stub",
  "--noAssert",
  "--importMemory",
  "--noExportMemory",
];

/** @returns {Promise<Uint8Array>} The WebAssembly module. */
async function compile() {
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await main([SOURCE, "--outFile=kernel.wasm", ...FLAGS], {
    readFile(name) {
      // The compiler asks for what may be there, such as its own configuration file.
      try {
        return readFileSync(join(PACKAGE, name), "utf8");
      } catch {
        return null;
      }
    },
    writeFile(_name, contents) {
      binary = /** @type {Uint8Array} */ (contents);
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined)
    throw new Error(`${SOURCE} does not compile\n${stderr}`, { cause: error });
  if (binary.length > MAX_BYTES)
    throw new Error(`the kernel has ${binary.length} bytes, more than ${MAX_BYTES}`);
  return binary;
}

/** @param {Uint8Array} binary */
function render(binary) {
  const base64 = Buffer.from(binary).toString("base64");
  return [
    `// Compiled from ${SOURCE} by ${relative(PACKAGE, fileURLToPath(import.meta.url))}. Do not edit.`,
    "",
    `/** A WebAssembly module of ${binary.length} bytes. */`,
    "export const KERNEL_BASE64 =",
    `  "${base64}";`,
    "",
  ].join("\n");
}

const output = join(PACKAGE, OUTPUT);
const wanted = render(await compile());
if (!process.argv.includes("--check")) {
  writeFileSync(output, wanted);
} else if (readFileSync(output, "utf8") !== wanted) {
  console.error(`${OUTPUT} is out of date; to fix it: pnpm --filter @vectron/local build:kernel`);
  process.exitCode = 1;
}
