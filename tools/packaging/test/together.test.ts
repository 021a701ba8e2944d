import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entrySubpaths } from "../src/packages/manifest.ts";
import { run } from "../src/packages/run.ts";
import { publicPackages } from "../src/packages/workspace.ts";
import { BUNDLERS, bunBundler, ESBUILD } from "./support/bundlers.ts";
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

const packages = publicPackages();
const entries = packages
  .filter(({ name }) => !ON_OTHERS_TYPES.includes(name))
  .flatMap(({ name, manifest }) => entrySubpaths(manifest).map((path) => name + path));

let installations: Installations;
let folder: string;

beforeAll(async () => {
  installations = await Installations.start();
  folder = await installations.project("all", [...packages.map(({ name }) => name), NODE_TYPES]);
}, 180_000);

afterAll(async () => {
  await installations?.close();
});

function programs(): Map<string, string> {
  const found = installations.packages.map((packed) => [packed.name, readmeProgram(packed)] as const);
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

describe("TypeScript, with declarations of packages checked as well", () => {
  const SLICE: Pick<TypeProject, "compiler" | "resolution">[] = [
    { compiler: "oldest", resolution: "node16" },
    { compiler: "newest", resolution: "bundler" },
  ];
  const REST: typeof SLICE = [
    { compiler: "oldest", resolution: "nodenext" },
    { compiler: "oldest", resolution: "bundler" },
    { compiler: "newest", resolution: "node16" },
    { compiler: "newest", resolution: "nodenext" },
  ];

  test.each(heavy ? [...SLICE, ...REST] : SLICE)(
    "$compiler, $resolution",
    async ({ compiler, resolution }) => {
      const modules = [...programs()]
        .filter(([name]) => !ON_OTHERS_TYPES.includes(name))
        .map(([name, program]) => [`${fileName(name)}.mts`, program]);
      const loads = entries.map(
        (entry, index) => `import entry${index} = require("${entry}");\nentry${index};\n`,
      );
      const files = {
        ...Object.fromEntries(modules),
        "entries.mts": importAll(entries),
        ...(resolution !== "bundler" && { "entries.cts": loads.join("") }),
      };
      await compile(folder, files, { compiler, resolution, lib: ["es2022", "dom"], types: ["node"] });
    },
  );

  test.each(heavy ? [...SLICE, ...REST] : SLICE.slice(1))(
    "$compiler, $resolution, without Node's types",
    async ({ compiler, resolution }) => {
      const pure = entries.filter((entry) => WITHOUT_NODE.some((name) => `${entry}/`.startsWith(`${name}/`)));
      expect(pure.length).toBeGreaterThan(0);
      const files = { "pure.mts": importAll(pure) };
      await compile(folder, files, { compiler, resolution, lib: ["es2022", "dom"], types: [] });
    },
  );
});

describe("what a package's types cost the compiler", () => {
  /** What a program of a few lines may need on top of its libraries, which are some 40,000 of each. */
  const BUDGET = { instantiations: 3_000, types: 3_000 };
  const project: TypeProject = {
    compiler: "newest",
    resolution: "nodenext",
    lib: ["es2022", "dom"],
    types: ["node"],
  };
  let empty: TypeCost;

  beforeAll(async () => {
    empty = await compile(folder, { "empty.mts": "export {};\n" }, project);
  });

  const own = packages.filter(({ name }) => !ON_OTHERS_TYPES.includes(name));
  test.each(own)("$name is within the budget", async ({ name }) => {
    const program = programs().get(name);
    if (program === undefined) return;
    const cost = await compile(folder, { "program.mts": program }, project);
    expect(cost.instantiations - empty.instantiations).toBeLessThan(BUDGET.instantiations);
    expect(cost.types - empty.types).toBeLessThan(BUDGET.types);
  });
});

describe.each(ON_OTHERS_TYPES)("TypeScript, with the declarations of %s, on those of others", (name) => {
  test.each<Pick<TypeProject, "compiler" | "resolution">>([
    { compiler: "oldest", resolution: "node16" },
    { compiler: "newest", resolution: "bundler" },
  ])("$compiler, $resolution", async ({ compiler, resolution }) => {
    const files = { [`${fileName(name)}.mts`]: programs().get(name) as string };
    const project: TypeProject = { compiler, resolution, lib: ["es2022", "dom"], types: ["node"] };
    const complaints = await compile(folder, files, project).then(
      () => [],
      (error: Error) => error.message.split("\n").filter((line) => /^\S+\(\d+,\d+\): error /.test(line)),
    );
    const ofOthers = (line: string) => /^node_modules\/(?!@vectron\/)/.test(line);
    expect(complaints.filter((line) => !ofOthers(line))).toEqual([]);
  });
});

describe("a bundle of a README's first program runs", () => {
  const bun = otherRuntimes().installed.find(({ title }) => title === "Bun");
  const bundlers = heavy ? [...BUNDLERS, ...(bun ? [bunBundler(bun)] : [])] : [ESBUILD];

  describe.each(bundlers)("by $title", (bundler) => {
    test.each(packages)("$name", async ({ name }) => {
      const program = programs().get(name);
      if (program === undefined) return;
      const platform = WITHOUT_NODE.includes(name) ? "browser" : "node";
      const [entry, bundle] = [
        `${fileName(name)}.mjs`,
        `${fileName(name)}-${bundler.title}.${EXTENSIONS[platform]}`,
      ];
      const output = await withServer(program, async (server) => {
        const source = platform === "node" ? withoutTopLevelAwait(program) : program;
        writeFiles(folder, { [entry]: at(source, server) });
        await bundler.bundle({ folder, entry, output: bundle, platform, external: ["lmdb"] });
        return run(THIS_NODE.command, [join(folder, bundle)], { folder });
      });
      expect(output).toMatch(/\ba\b/);
    });
  });
});

function fileName(name: string): string {
  return name.replace(/^@/, "").replace("/", "-");
}

function importAll(specifiers: readonly string[]): string {
  return specifiers
    .map((entry, index) => `import * as entry${index} from "${entry}";\nentry${index};\n`)
    .join("");
}
