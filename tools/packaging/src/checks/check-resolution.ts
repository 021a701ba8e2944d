import { checkPackage, type Problem } from "@arethetypeswrong/core";
import { entrySubpaths, fileSubpaths } from "../packages/manifest.ts";
import { type PackedPackage, packedManifest } from "../packages/pack.ts";

/**
 * The resolutions that TypeScript users have. `node10` is left out: it cannot
 * read `exports`, and TypeScript 6 has given it up.
 */
const RESOLUTIONS = ["node16-cjs", "node16-esm", "bundler"];

/** What "are the types wrong" says of the tarball: declarations that say something else than the code does. */
export async function checkResolution(packed: PackedPackage): Promise<string[]> {
  const manifest = packedManifest(packed);
  // A command has nothing to be imported.
  if (entrySubpaths(manifest).length === 0) return [];
  const result = await checkPackage(packed.contents, { excludeEntrypoints: fileSubpaths(manifest) });
  if (result.types === false) return ["types: the package has none"];
  return result.problems.filter(concernsUsers).map((problem) => `types: ${JSON.stringify(problem)}`);
}

function concernsUsers(problem: Problem): boolean {
  if ("resolutionKind" in problem) return RESOLUTIONS.includes(problem.resolutionKind);
  return true;
}
