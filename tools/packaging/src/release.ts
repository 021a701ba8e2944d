// Rehearses a release on a copy of the repository, and says what would be published.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkContents } from "./checks/check-contents.ts";
import { packedFiles } from "./packages/pack.ts";
import { checkRelease } from "./release/check-release.ts";
import { rehearseRelease } from "./release/rehearse.ts";

const folder = mkdtempSync(join(tmpdir(), "vectron-release-"));
try {
  const rehearsal = await rehearseRelease(folder);
  const { packages } = rehearsal;
  for (const packed of packages) {
    const kilobytes = Math.round(statSync(packed.tarball).size / 1000);
    console.log(
      `${packed.name} ${packed.version}: ${packedFiles(packed).length} files, ${kilobytes} kB packed`,
    );
  }
  const problems = [
    ...checkRelease(rehearsal),
    ...packages.flatMap((packed) => checkContents(packed).map((problem) => `${packed.name}: ${problem}`)),
  ];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
