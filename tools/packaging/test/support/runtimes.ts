import { createRequire } from "node:module";

/** A program that runs JavaScript. */
export interface Runtime {
  readonly title: string;
  readonly command: string;
  /** What stands before the program's name. */
  readonly args: readonly string[];
}

const require = createRequire(import.meta.url);

/** The Node that runs the tests. */
export const THIS_NODE: Runtime = { title: "this Node", command: process.execPath, args: [] };

/** The runtimes that come from npm, for Linux on x64 only: those that are installed, and the titles of the others. */
export function otherRuntimes(): { installed: Runtime[]; missing: string[] } {
  const all = [
    { title: "Node 22", file: "node22/bin/node", args: [] },
    { title: "Node 24", file: "node24/bin/node", args: [] },
    { title: "Bun", file: "@oven/bun-linux-x64/bin/bun", args: [] },
    { title: "Deno", file: "@deno/linux-x64-glibc/deno", args: ["run", "-A"] },
  ].map(({ title, file, args }) => ({ title, command: resolve(file), args }));
  return {
    installed: all.flatMap(({ title, command, args }) => (command ? [{ title, command, args }] : [])),
    missing: all.filter(({ command }) => command === undefined).map(({ title }) => title),
  };
}

function resolve(file: string): string | undefined {
  try {
    return require.resolve(file);
  } catch {
    return undefined;
  }
}
