import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entrySubpaths } from "../src/packages/manifest.ts";
import { packedManifest } from "../src/packages/pack.ts";
import { run } from "../src/packages/run.ts";
import { publicPackages } from "../src/packages/workspace.ts";
import { writeCommandFiles } from "./support/command-files.ts";
import { identityProgram } from "./support/identity-program.ts";
import { Installations, writeFiles } from "./support/installation.ts";
import { readmeCommands } from "./support/readme-commands.ts";
import { asCommonJs, at, companions, readmeProgram } from "./support/readme-program.ts";
import { otherRuntimes, type Runtime, THIS_NODE } from "./support/runtimes.ts";
import { withServer } from "./support/snippet-server.ts";
import { type InstalledCommand, Terminal } from "./support/terminal.ts";

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

const withEntries = publicPackages().filter(({ manifest }) => entrySubpaths(manifest).length > 0);
const withCommand = publicPackages().filter(({ manifest }) => manifest.bin !== undefined);

test("every package has something to import, or a command", () => {
  expect(new Set([...withEntries, ...withCommand].map(({ name }) => name)).size).toBe(
    publicPackages().length,
  );
});

describe.each(withEntries)("$name, alone in an empty project", ({ name, manifest }) => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    program = readmeProgram(installations.find(name));
    folder = await installations.project(name, [name, ...companions(program, name)]);
  }, 120_000);

  test.each(runtimes)(
    "runs its README's first program in $title, as a module and as CommonJS",
    async (runtime) => {
      for (const [file, code] of [
        ["readme.mjs", program],
        ["readme.cjs", asCommonJs(program)],
      ] as const) {
        const output = await withServer(program, (server) => {
          writeFiles(folder, { [file]: at(code, server) });
          return run(runtime.command, [...runtime.args, join(folder, file)], { folder });
        });
        expect(output, file).toMatch(/\ba\b/);
      }
    },
  );

  test.each(runtimes)("gives require and import the same objects in $title", async (runtime) => {
    const entries = entrySubpaths(manifest).map((subpath) => name + subpath);
    writeFiles(folder, { "identity.cjs": identityProgram(entries) });
    const output = await run(runtime.command, [...runtime.args, join(folder, "identity.cjs")], { folder });
    expect(output).toBe("the same\n");
  });
});

describe.each(withCommand)("the command of $name, alone in an empty project", ({ name, manifest }) => {
  const [[command, file] = ["", ""]] = Object.entries(manifest.bin ?? {});
  let installed: InstalledCommand;

  beforeAll(async () => {
    const folder = await installations.project(name, [name]);
    installed = { folder, command, file: join(folder, "node_modules", name, file) };
  }, 120_000);

  /** A terminal in which the command's program runs in a runtime; this Node runs it as npm has linked it. */
  function open(runtime: Runtime): Terminal {
    return new Terminal(installed, runtime === THIS_NODE ? undefined : runtime);
  }

  test("is found by npx", async () => {
    const terminal = open(THIS_NODE);
    const { version } = packedManifest(installations.find(name));
    for (const typed of [command, name]) {
      expect(await terminal.type(`npx ${typed} --version`)).toBe(`${version}\n`);
      expect(await terminal.type(`npx ${typed} --help`)).toMatch(new RegExp(`^Usage: ${command} `));
    }
  });

  test.each(runtimes)(
    "does in $title all that its README has typed",
    async (runtime) => {
      const terminal = open(runtime);
      writeCommandFiles(terminal.folder);
      // What npm has linked runs in Node.
      const [server, ...lines] = readmeCommands(installations.find(name)).map((line) =>
        runtime === THIS_NODE ? line : line.replaceAll(`npx ${name}`, command),
      );
      expect(server).toMatch(/ serve$/);
      const running = await terminal.start(`${server} --grpc-port 0 --http-port 0 --log json`);
      try {
        terminal.set("VECTRON_HOST", JSON.parse(running.firstLine).grpcAddress);
        const printed = [];
        for (const line of lines) printed.push(await terminal.type(line));
        expect(printed).toEqual(lines.map(expectedOutput));
      } finally {
        expect(await running.interrupt()).toMatch(/"event":"stopped"\}\n$/);
      }
    },
    120_000,
  );
});

/** What the README promises of a command line. */
function expectedOutput(line: string): unknown {
  if (line.includes(" import ")) return expect.stringMatching(/^loaded (20|40) records into /m);
  if (line.endsWith(" search docs --id doc-17")) return expect.stringMatching(/^ *1 +[\d.]+ +doc-15 /m);
  throw new Error(`what should "${line}" print?`);
}
