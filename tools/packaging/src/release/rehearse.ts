import { cpSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type PackedPackage, pack } from "../packages/pack.ts";
import { pnpm } from "../packages/pnpm.ts";
import { run } from "../packages/run.ts";
import { publicPackages, ROOT } from "../packages/workspace.ts";

const PLAN = "release-plan.json";
/** Folders that are made from the others, or are about this copy of the repository. */
const LEFT_BEHIND = new Set([".git", ".turbo", ".cache", "node_modules", "dist"]);

/** What a release is made of, and what it would publish. */
export interface Rehearsal {
  readonly plan: ReleasePlan;
  readonly packages: readonly PackedPackage[];
}

/** What the pending changesets ask for, and what becomes of each package: what `changeset status --output` writes. */
export interface ReleasePlan {
  readonly changesets: readonly { readonly releases: readonly PlannedBump[] }[];
  readonly releases: readonly (PlannedBump & { readonly oldVersion: string; readonly newVersion: string })[];
}

interface PlannedBump {
  readonly name: string;
  readonly type: "major" | "minor" | "patch" | "none";
}

/**
 * Does all that a release does up to the upload, on a copy of the repository:
 * takes the pending changesets into versions and changelogs, builds, and packs.
 *
 * @param folder - an empty folder for the copy
 */
export async function rehearseRelease(folder: string): Promise<Rehearsal> {
  const copy = join(folder, "repository");
  cpSync(ROOT, copy, { recursive: true, filter: isSource });
  await commitAll(copy);
  await pnpm(["install", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts"], copy);
  await pnpm(["exec", "changeset", "status", `--output=${PLAN}`], copy);
  const plan = JSON.parse(readFileSync(join(copy, PLAN), "utf8")) as ReleasePlan;
  await pnpm(["exec", "changeset", "version"], copy);
  const packages = publicPackages(copy);
  const filters = packages.map(({ name }) => `--filter=${name}`);
  await pnpm(["exec", "turbo", "run", "build", "--output-logs=errors-only", ...filters], copy);
  return { plan, packages: await pack(packages, join(folder, "tarballs"), copy) };
}

function isSource(path: string): boolean {
  return !relative(ROOT, path)
    .split(sep)
    .some((part) => LEFT_BEHIND.has(part));
}

/** Changelogs name the commit that brought each changeset, so the copy needs one. */
async function commitAll(folder: string): Promise<void> {
  const identity = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost"];
  await run("git", ["init", "--quiet", "--initial-branch=main"], { folder });
  await run("git", ["add", "--all"], { folder });
  await run("git", [...identity, "commit", "--quiet", "--no-verify", "--message=rehearsal"], { folder });
}
