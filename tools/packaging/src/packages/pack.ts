import { readFileSync } from "node:fs";
import { createPackageFromTarballData, type Package } from "@arethetypeswrong/core";
import { pnpm } from "./pnpm.ts";
import { type PublicPackage, ROOT } from "./workspace.ts";

/** A package as a registry would get it. */
export interface PackedPackage extends PublicPackage {
  readonly version: string;
  /** The `.tgz`, absolute. */
  readonly tarball: string;
  /** What is in it. */
  readonly contents: Package;
}

interface PackResult {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
}

/** Packs what the build has made of each package into a folder. */
export async function pack(
  packages: readonly PublicPackage[],
  folder: string,
  root = ROOT,
): Promise<PackedPackage[]> {
  const filters = packages.flatMap(({ name }) => ["--filter", name]);
  const output = await pnpm([...filters, "pack", "--json", "--pack-destination", folder], root);
  const parsed = JSON.parse(output) as PackResult | PackResult[];
  const results = new Map([parsed].flat().map((result) => [result.name, result]));
  return packages.map((each) => {
    const result = results.get(each.name);
    if (result === undefined) throw new Error(`pnpm packed no ${each.name}`);
    const contents = createPackageFromTarballData(readFileSync(result.filename));
    return { ...each, version: result.version, tarball: result.filename, contents };
  });
}

/** The package.json inside a tarball: pnpm has replaced what only the workspace understands. */
export function packedManifest({ contents, name }: PackedPackage): PublicPackage["manifest"] {
  return JSON.parse(contents.readFile(`/node_modules/${name}/package.json`));
}

/** The files of a tarball, relative to the package. */
export function packedFiles({ contents, name }: PackedPackage): string[] {
  const prefix = `/node_modules/${name}/`;
  return contents.listFiles().map((path) => path.slice(prefix.length));
}

/** The text of one file of a tarball. */
export function packedText({ contents, name }: PackedPackage, file: string): string {
  return contents.readFile(`/node_modules/${name}/${file}`);
}
