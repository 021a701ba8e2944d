import { run } from "./run.ts";
import { ROOT, readManifest } from "./workspace.ts";

/** Runs the pnpm that the repository pins, and gives what it writes to standard output. */
export async function pnpm(args: readonly string[], folder: string): Promise<string> {
  const { packageManager } = readManifest(ROOT);
  if (packageManager === undefined) throw new Error("the root package.json pins no packageManager");
  return run("npx", ["-y", packageManager, ...args], { folder });
}
