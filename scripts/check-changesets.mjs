// Fails if a package has changed since a base and no changeset says so. The base
// is the branch that a pull request goes to, or what VECTRON_BASE_REF names.

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { VECTRON_BASE_REF, GITHUB_BASE_REF } = process.env;
const base = VECTRON_BASE_REF || (GITHUB_BASE_REF && `origin/${GITHUB_BASE_REF}`);

if (!base) {
  console.log("there is no base to compare with: changesets are checked on pull requests");
} else {
  const changeset = join(ROOT, "node_modules/.bin/changeset");
  const { status, error } = spawnSync(changeset, ["status", `--since=${base}`], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
}
