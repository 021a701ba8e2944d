import { extname, join } from "node:path";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { build as vite } from "vite";
import { webpack } from "webpack";
import { run } from "../../src/packages/run.ts";
import type { Runtime } from "./runtimes.ts";

/** What a bundle is for. */
export type Platform = "node" | "browser";

/** What a bundler is given. */
export interface BundleTask {
  /** The project's folder: where packages are installed. */
  readonly folder: string;
  /** The program, in `folder`. */
  readonly entry: string;
  /** The file to write, in `folder`. */
  readonly output: string;
  readonly platform: Platform;
  /** Packages that stay outside the bundle: native code cannot be part of it. */
  readonly external: readonly string[];
}

/** A bundler, as a user of the packages would configure it and no more. */
export interface Bundler {
  readonly title: string;
  bundle(task: BundleTask): Promise<void>;
}

export const ESBUILD: Bundler = {
  title: "esbuild",
  async bundle({ folder, entry, output, platform, external }) {
    await esbuild.build({
      absWorkingDir: folder,
      entryPoints: [entry],
      outfile: output,
      bundle: true,
      platform,
      format: platform === "node" ? "cjs" : "esm",
      external: [...external],
      logLevel: "error",
    });
  },
};

const VITE: Bundler = {
  title: "Vite",
  async bundle({ folder, entry, output, platform, external }) {
    await vite({
      root: folder,
      configFile: false,
      logLevel: "error",
      ssr: { noExternal: true, external: [...external] },
      build: {
        outDir: ".",
        emptyOutDir: false,
        copyPublicDir: false,
        target: "es2022",
        ssr: platform === "node" && join(folder, entry),
        rolldownOptions: {
          ...(platform === "browser" && { input: join(folder, entry) }),
          output: {
            format: platform === "node" ? "cjs" : "esm",
            entryFileNames: output,
            chunkFileNames: `[name]${extname(output)}`,
          },
        },
      },
    });
  },
};

const WEBPACK: Bundler = {
  title: "webpack",
  async bundle({ folder, entry, output, platform, external }) {
    const compiler = webpack({
      context: folder,
      mode: "production",
      entry: `./${entry}`,
      target: platform === "node" ? "node20" : "web",
      output: { path: folder, filename: output, publicPath: "/", globalObject: "globalThis" },
      externals: [...external],
    });
    if (compiler === null) throw new Error("webpack made no compiler");
    const stats = await promisify(compiler.run.bind(compiler))();
    await promisify(compiler.close.bind(compiler))();
    if (stats === undefined || stats.hasErrors()) throw new Error(stats?.toString("errors-only"));
  },
};

/** Bun's bundler; the runtime is the one that has it. */
export function bunBundler({ command }: Runtime): Bundler {
  return {
    title: "Bun",
    async bundle({ folder, entry, output, platform, external }) {
      const format = platform === "node" ? "cjs" : "esm";
      const options = [
        `--target=${platform}`,
        `--format=${format}`,
        ...external.map((name) => `--external=${name}`),
      ];
      await run(command, ["build", entry, `--outfile=${output}`, ...options], { folder });
    },
  };
}

/** The bundlers that come from npm on every system. */
export const BUNDLERS: readonly Bundler[] = [ESBUILD, VITE, WEBPACK];
