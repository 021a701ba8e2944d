import { posix } from "node:path";
import { run } from "../packages/run.ts";
import { publicPackages, ROOT } from "../packages/workspace.ts";

/** What of a package users can notice. */
const NOTICEABLE = /^(src\/|package\.json$)/;

/**
 * The public packages that have changed since a commit without a changeset that names them. A changeset without
 * names says that users can notice nothing of the change, and stands for all. A package whose version has changed is
 * being released: its changesets are in its changelog.
 *
 * @param base - what the change is to be merged into
 * @param root - the repository's folder
 */
export async function checkChangesets(base: string, root = ROOT): Promise<string[]> {
  const git = (...args: readonly string[]) => run("git", args, { folder: root });
  const changed = async (...options: readonly string[]) =>
    linesOf(await git("diff", "--name-only", ...options, `${base}...HEAD`));

  const files = await changed();
  const changesets = (await changed("--diff-filter=AM")).filter(isChangeset);
  const texts = await Promise.all(changesets.map((file) => git("show", `HEAD:${file}`)));
  const named = texts.map(namesOf);
  if (named.some((names) => names.length === 0)) return [];

  const versionAt = async (commit: string, folder: string) => {
    const manifest = await git("show", `${commit}:${posix.join(folder, "package.json")}`).catch(() => "{}");
    return (JSON.parse(manifest) as { version?: string }).version;
  };
  const problems: string[] = [];
  for (const { name, manifest } of publicPackages(root)) {
    const folder = manifest.repository?.directory ?? "";
    const isChanged = files.some(
      (file) => file.startsWith(`${folder}/`) && NOTICEABLE.test(file.slice(folder.length + 1)),
    );
    if (!isChanged || named.flat().includes(name)) continue;
    const [before, now] = [await versionAt(base, folder), await versionAt("HEAD", folder)];
    if (before === undefined || before === now)
      problems.push(`${name} has changed, and no changeset names it`);
  }
  return problems;
}

function isChangeset(file: string): boolean {
  return /^\.changeset\/[^/]+\.md$/.test(file) && file !== ".changeset/README.md";
}

/** The packages that a changeset is about. */
function namesOf(changeset: string): string[] {
  const [, head = ""] = /^---\n([\s\S]*?)^---$/m.exec(changeset) ?? [];
  return [...head.matchAll(/^["']?([^"':]+)["']?:/gm)].map(([, name = ""]) => name);
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
