import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entrySubpaths } from "../src/packages/manifest.ts";
import { run } from "../src/packages/run.ts";
import { type PublicPackage, publicPackages } from "../src/packages/workspace.ts";
import { BUNDLERS, type Bundler, bunBundler, ESBUILD, type Platform } from "./support/bundlers.ts";
import { Installations, writeFiles } from "./support/installation.ts";
import { at, readmeProgram, withoutTopLevelAwait } from "./support/readme-program.ts";
import { otherRuntimes, THIS_NODE } from "./support/runtimes.ts";
import { withServer } from "./support/snippet-server.ts";
import { compile, type TypeCost, type TypeProject } from "./support/type-project.ts";

const heavy = process.env.VECTRON_HEAVY === "1";

/** Packages that run where there is no Node, and know nothing of its types. */
const WITHOUT_NODE = ["@vectron/core", "@vectron/web"];
/** Packages that stand on declarations of others which do not pass the strictest checks themselves. */
const ON_OTHERS_TYPES = ["@vectron/langchain"];
/** Node's types, which a project with the other packages has, and needs for grpc-js in any case. */
const NODE_TYPES = "@types/node@20.19.43";

/** Bundles for Node are CommonJS, which every bundler makes without being told how; those for pages are modules. */
const EXTENSIONS = { node: "cjs", browser: "mjs" };

/** A command has nothing to be imported. */
const packages = publicPackages().filter(({ manifest }) => entrySubpaths(manifest).length > 0);
const strict = packages.filter(({ name }) => !ON_OTHERS_TYPES.includes(name));
const pure = entriesOf(packages.filter(({ name }) => WITHOUT_NODE.includes(name)));

let installations: Installations;
let folder: string;

beforeAll(async () => {
  installations = await Installations.start();
  folder = await installations.project("all", [...packages.map(({ name }) => name), NODE_TYPES]);
}, 180_000);

afterAll(async () => {
  await installations?.close();
});

type Compiler = Pick<TypeProject, "compiler" | "resolution">;
const SLICE: readonly Compiler[] = [
  { compiler: "oldest", resolution: "node16" },
  { compiler: "newest", resolution: "bundler" },
];
const REST: readonly Compiler[] = [
  { compiler: "oldest", resolution: "nodenext" },
  { compiler: "oldest", resolution: "bundler" },
  { compiler: "newest", resolution: "node16" },
  { compiler: "newest", resolution: "nodenext" },
];
const compilers = heavy ? [...SLICE, ...REST] : SLICE;
const WITH_NODE = { lib: ["es2022", "dom"], types: ["node"] };

/** A hang guard: the oldest compiler and webpack take minutes where a lot of other work goes on beside them. */
const SLOW = { timeout: 600_000 };

describe("TypeScript, with declarations of packages checked as well", SLOW, () => {
  test.each(compilers)("$compiler, $resolution", async (compiler) => {
    await compile(folder, usesOf(strict, compiler), { ...compiler, ...WITH_NODE });
  });

  test.each(heavy ? compilers : SLICE.slice(1))(
    "$compiler, $resolution, without Node's types",
    async (compiler) => {
      const files = { "pure.mts": importAll(pure) };
      await compile(folder, files, { ...compiler, ...WITH_NODE, types: [] });
    },
  );

  test.each(compilers)("$compiler, $resolution, on declarations of others", async (compiler) => {
    const others = packages.filter(({ name }) => ON_OTHERS_TYPES.includes(name));
    const complaints = await compile(folder, usesOf(others, compiler), { ...compiler, ...WITH_NODE }).then(
      () => [],
      (error: Error) => error.message.split("\n").filter((line) => /^\S+\(\d+,\d+\): error /.test(line)),
    );
    const ofOthers = (line: string) => /^node_modules\/(?!@vectron\/)/.test(line);
    expect(complaints.filter((line) => !ofOthers(line))).toEqual([]);
  });
});

describe("what a package's types cost the compiler", SLOW, () => {
  /** What a program of a few lines may need on top of its libraries, which are some 40,000 of each. */
  const BUDGET = { instantiations: 3_000, types: 3_000 };
  const project: TypeProject = { compiler: "newest", resolution: "nodenext", ...WITH_NODE };
  let empty: TypeCost;

  beforeAll(async () => {
    empty = await compile(folder, { "empty.mts": "export {};\n" }, project);
  });

  test.each(strict)("$name is within the budget", async ({ name }) => {
    const cost = await compile(folder, { "program.mts": programOf(name) }, project);
    expect(cost.instantiations - empty.instantiations).toBeLessThan(BUDGET.instantiations);
    expect(cost.types - empty.types).toBeLessThan(BUDGET.types);
  });
});

describe("a bundle runs", SLOW, () => {
  const bun = otherRuntimes().installed.find(({ title }) => title === "Bun");
  const bundlers = heavy ? [...BUNDLERS, ...(bun ? [bunBundler(bun)] : [])] : [ESBUILD];

  /** Bundles a program, as it stands, and gives what the bundle prints. */
  async function runBundle(title: string, program: string, { bundle }: Bundler, platform: Platform) {
    const [entry, output] = [`${title}.mjs`, `${title}-bundle.${EXTENSIONS[platform]}`];
    writeFiles(folder, { [entry]: program });
    await bundle({ folder, entry, output, platform, external: ["lmdb"] });
    return run(THIS_NODE.command, [join(folder, output)], { folder });
  }

  describe.each(bundlers)("that $title made", (bundler) => {
    test.each(packages)("of the first program of $name's README", async ({ name }) => {
      const program = programOf(name);
      const platform = WITHOUT_NODE.includes(name) ? "browser" : "node";
      const source = platform === "node" ? withoutTopLevelAwait(program) : program;
      const output = await withServer(program, (server) =>
        runBundle(`${fileName(name)}-${bundler.title}`, at(source, server), bundler, platform),
      );
      expect(output).toMatch(/\ba\b/);
    });

    test.each<[Platform, readonly string[]]>([
      ["node", entriesOf(strict)],
      ["browser", [...pure, "@vectron/local/memory"]],
    ])("of every entry, for %s", async (platform, entries) => {
      const program = `${importAll(entries)}console.log("loaded");\n`;
      expect(await runBundle(`entries-${platform}-${bundler.title}`, program, bundler, platform)).toBe(
        "loaded\n",
      );
    });
  });
});

function programOf(name: string): string {
  return readmeProgram(installations.find(name));
}

/** The first programs of READMEs, and every entry imported and, where the compiler knows the difference, required. */
function usesOf(used: readonly PublicPackage[], { resolution }: Compiler): Record<string, string> {
  const entries = entriesOf(used);
  const required = entries.map(
    (entry, index) => `import entry${index} = require("${entry}");\nentry${index};\n`,
  );
  return {
    ...Object.fromEntries(used.map(({ name }) => [`${fileName(name)}.mts`, programOf(name)])),
    "entries.mts": importAll(entries),
    ...(resolution !== "bundler" && { "entries.cts": required.join("") }),
  };
}

function entriesOf(used: readonly PublicPackage[]): string[] {
  return used.flatMap(({ name, manifest }) => entrySubpaths(manifest).map((path) => name + path));
}

function fileName(name: string): string {
  return name.replace(/^@/, "").replace("/", "-");
}

/** Keeps what it imports: a bundler that could leave it out would say nothing of it. */
function importAll(specifiers: readonly string[]): string {
  return specifiers
    .map((entry, index) => `import * as entry${index} from "${entry}";\nObject.keys(entry${index});\n`)
    .join("");
}
