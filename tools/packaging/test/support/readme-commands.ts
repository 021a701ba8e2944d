import { type PackedPackage, packedText } from "../../src/packages/pack.ts";

const SHELL = /```sh\n([\s\S]*?)```/g;

/** The command lines of a package's README, one after the other, without what is said about them. */
export function readmeCommands(packed: PackedPackage): string[] {
  const blocks = [...packedText(packed, "README.md").matchAll(SHELL)].map(([, block]) => block as string);
  return blocks
    .flatMap((block) => block.split("\n").map((line) => line.replace(/\s+#.*$/, "")))
    .filter(Boolean);
}
