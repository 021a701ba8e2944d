import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const PACKAGE_ROOT = join(import.meta.dirname, "../../..");

/**
 * Compiles a program of a folder `children/` for Node, which does not run TypeScript, and
 * returns its path. It lies in the package, where its imports are found.
 */
export async function compileChild(name: string, topic = "storage"): Promise<string> {
  const folder = join(PACKAGE_ROOT, "node_modules/.test-children");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(PACKAGE_ROOT, `test/${topic}/children/${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["lmdb", "@grpc/*", "@connectrpc/*", "@bufbuild/*", "@vectron/node", "prom-client"],
    logLevel: "error",
  });
  return outfile;
}

/** Runs a compiled program; `onLine` gets every line that it prints. */
export function startChild(command: readonly string[], onLine: (line: string) => void = () => undefined) {
  const [program, ...args] = command;
  const child: ChildProcess = spawn(program!, args, { stdio: ["ignore", "pipe", "pipe"] });
  let pending = "";
  let errors = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (pending + text).split("\n");
    pending = lines.pop()!;
    for (const line of lines) onLine(line);
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    errors,
  }));
  return { child, ended };
}
