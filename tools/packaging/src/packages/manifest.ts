/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly homepage?: string;
  readonly bugs?: { readonly url?: string };
  readonly repository?: { readonly type?: string; readonly url?: string; readonly directory?: string };
  readonly type?: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly files?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | ConditionalExport>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bundledDependencies?: readonly string[];
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
}

/** An entry of `exports` by condition: for each, the declarations and the code. */
export type ConditionalExport = Readonly<
  Record<string, { readonly types?: string; readonly default?: string }>
>;

/** The entries of a package that are code, as what stands behind the package's name: `""`, `"/wire"`. */
export function entrySubpaths(manifest: Manifest): string[] {
  return subpathsOf(manifest, "object").map((subpath) => subpath.slice(1));
}

/** What a package lets be found and not imported, such as `"./package.json"`, and the program of a worker thread. */
export function fileSubpaths(manifest: Manifest): string[] {
  return subpathsOf(manifest, "string");
}

function subpathsOf({ exports = {} }: Manifest, kind: "object" | "string"): string[] {
  return Object.keys(exports).filter((subpath) => typeof exports[subpath] === kind);
}
