import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

/** A bundle of one of the package's entries, made from its sources, and what went into it. */
export interface Bundle {
  readonly code: string;
  /** Paths of the modules in it, relative to the package's folder. */
  readonly modules: readonly string[];
  /** What it imports from outside. */
  readonly imports: readonly string[];
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Bundles `src/<entry>` as a user's bundler would, for no platform in particular. */
export async function bundleEntry(entry: string, options: BuildOptions = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`src/${entry}`],
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    // Whatever is not a file of the package itself shows as an import.
    packages: "external",
    logLevel: "silent",
    ...options,
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  return {
    code: outputFiles?.[0]?.text ?? "",
    modules: Object.keys(metafile.inputs),
    imports: (output?.imports ?? []).map(({ path }) => path),
  };
}
