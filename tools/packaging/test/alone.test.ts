import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entrySubpaths } from "../src/packages/manifest.ts";
import { run } from "../src/packages/run.ts";
import { publicPackages } from "../src/packages/workspace.ts";
import { identityProgram } from "./support/identity-program.ts";
import { Installations, writeFiles } from "./support/installation.ts";
import { asCommonJs, at, companions, readmeProgram } from "./support/readme-program.ts";
import { otherRuntimes, THIS_NODE } from "./support/runtimes.ts";
import { withServer } from "./support/snippet-server.ts";

const heavy = process.env.VECTRON_HEAVY === "1";
const { installed, missing } = otherRuntimes();
const runtimes = [THIS_NODE, ...(heavy ? installed : [])];

let installations: Installations;

beforeAll(async () => {
  installations = await Installations.start();
});

afterAll(async () => {
  await installations?.close();
});

test.runIf(heavy && process.env.CI)("no runtime is missing where CI is set", () => {
  expect(missing).toEqual([]);
});

describe.each(publicPackages())("$name, alone in an empty project", ({ name, manifest }) => {
  let folder: string;
  let program: string | undefined;

  beforeAll(async () => {
    const packed = installations.packages.find((each) => each.name === name);
    program = packed && readmeProgram(packed);
    folder = await installations.project(name, [name, ...companions(program ?? "", name)]);
  }, 120_000);

  test("says in its README how to use it", () => {
    expect(program !== undefined || manifest.bin !== undefined).toBe(true);
  });

  test.each(runtimes)(
    "runs its README's first program in $title, as a module and as CommonJS",
    async (runtime) => {
      const source = program;
      if (source === undefined) return;
      for (const [file, code] of [
        ["readme.mjs", source],
        ["readme.cjs", asCommonJs(source)],
      ] as const) {
        const output = await withServer(source, (server) => {
          writeFiles(folder, { [file]: at(code, server) });
          return run(runtime.command, [...runtime.args, join(folder, file)], { folder });
        });
        expect(output, file).toMatch(/\ba\b/);
      }
    },
  );

  test.each(runtimes)("gives require and import the same objects in $title", async (runtime) => {
    const entries = entrySubpaths(manifest).map((subpath) => name + subpath);
    if (entries.length === 0) return;
    writeFiles(folder, { "identity.cjs": identityProgram(entries) });
    const output = await run(runtime.command, [...runtime.args, join(folder, "identity.cjs")], { folder });
    expect(output).toBe("the same\n");
  });

  test.each(Object.keys(manifest.bin ?? {}))("its command %s says how it is used", async (command) => {
    const output = await run(join(folder, "node_modules/.bin", command), ["--help"], { folder });
    expect(output).toContain(command);
  });
});
