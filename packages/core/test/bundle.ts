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

/** The modules that a program loads at start, when a bundler parts from them what is loaded on demand. */
export async function startOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    // As a program uses the package: AuthClient is a part that it leaves out.
    stdin: {
      contents: `import { VectronClient } from "./src/${entry}"; console.log(VectronClient)`,
      resolveDir: ROOT,
    },
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    outdir: "unwritten",
    write: false,
    metafile: true,
  });
  const { outputs } = metafile;
  const loaded = new Set(Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === "<stdin>"));
  for (const name of loaded) {
    for (const { path, kind } of outputs[name]?.imports ?? []) {
      if (kind === "import-statement") loaded.add(path);
    }
  }
  return [...loaded].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
}
