// Packs every public package as a registry would get it, and checks what is in it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkContents } from "./checks/check-contents.ts";
import { checkExports } from "./checks/check-exports.ts";
import { checkManifest } from "./checks/check-manifest.ts";
import { checkPublint } from "./checks/check-publint.ts";
import { checkResolution } from "./checks/check-resolution.ts";
import { type PackedPackage, pack } from "./packages/pack.ts";
import { publicPackages } from "./packages/workspace.ts";

const CHECKS: readonly ((packed: PackedPackage) => string[] | Promise<string[]>)[] = [
  checkManifest,
  checkExports,
  checkContents,
  checkPublint,
  checkResolution,
];

const folder = mkdtempSync(join(tmpdir(), "vectron-packages-"));
try {
  for (const packed of await pack(publicPackages(), folder)) {
    const problems = (await Promise.all(CHECKS.map((check) => check(packed)))).flat();
    console.log(`${packed.name}: ${problems.length === 0 ? "ready to publish" : ""}`);
    for (const problem of problems) console.error(`  ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
