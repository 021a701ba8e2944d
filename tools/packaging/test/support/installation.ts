import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type PackedPackage, pack } from "../../src/packages/pack.ts";
import { run } from "../../src/packages/run.ts";
import { publicPackages } from "../../src/packages/workspace.ts";
import { type Registry, startRegistry } from "./registry.ts";

/** The public packages as a registry has them, and projects that install them from it. */
export class Installations {
  readonly packages: readonly PackedPackage[];
  readonly #folder: string;
  readonly #registry: Registry;

  private constructor(folder: string, packages: readonly PackedPackage[], registry: Registry) {
    this.#folder = folder;
    this.packages = packages;
    this.#registry = registry;
  }

  static async start(): Promise<Installations> {
    const folder = mkdtempSync(join(tmpdir(), "vectron-smoke-"));
    const packages = await pack(publicPackages(), join(folder, "tarballs"));
    return new Installations(folder, packages, await startRegistry(packages));
  }

  /** One of the packages; throws where there is none of that name. */
  find(name: string): PackedPackage {
    const packed = this.packages.find((each) => each.name === name);
    if (packed === undefined) throw new Error(`${name} is not packed`);
    return packed;
  }

  /** Installs packages into an empty project with nothing else in it, and gives its folder. */
  async project(title: string, dependencies: readonly string[]): Promise<string> {
    const folder = join(this.#folder, title.replaceAll(/[^a-z0-9]+/gi, "-"));
    writeFiles(folder, {
      "package.json": JSON.stringify({ name: "project", private: true }),
      ".npmrc": `@vectron:registry=${this.#registry.url}\naudit=false\nfund=false\nprefer-offline=true\n`,
    });
    await run("npm", ["install", "--loglevel=error", ...dependencies], { folder });
    return folder;
  }

  async close(): Promise<void> {
    await this.#registry.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Writes files into a folder, by path. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
