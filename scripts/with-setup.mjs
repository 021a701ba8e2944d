// Runs one script of the root package.json on a machine that has nothing but Node
// and npm: installs the locked dependencies first, when they are not there yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const stamp = join(root, "node_modules", ".vectron-setup");

/** Identifies what an installation was made from. */
function installationKey() {
  const hash = createHash("sha256").update(process.version);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function pnpm(...args) {
  // npx fetches the pinned pnpm where it is not cached; nothing is installed globally.
  const { status, error } = spawnSync("npx", ["-y", packageManager, ...args], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const [script, ...args] = process.argv.slice(2);
if (!script) {
  console.error("usage: node scripts/with-setup.mjs SCRIPT [ARGUMENT...]");
  process.exit(2);
}
const key = installationKey();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== key) {
  pnpm("install", "--frozen-lockfile");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}
pnpm("run", script, ...args);
