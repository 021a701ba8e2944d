import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";

const COMMANDS = [
  ["serve"],
  ["collections", "list"],
  ["collections", "create"],
  ["collections", "status"],
  ["collections", "delete"],
  ["import"],
  ["export"],
  ["search"],
  ["get"],
  ["upsert"],
  ["delete"],
  ["doctor"],
  ["auth", "login"],
  ["auth", "logout"],
  ["auth", "keys", "create"],
  ["auth", "keys", "list"],
  ["auth", "keys", "delete"],
  ["auth", "token"],
];

describe("help", () => {
  it.each(COMMANDS)("of %s %s %s teaches with examples", async (...command) => {
    const { code, stdout, stderr } = await cli([...command, "--help"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: vectron /);
    expect(stdout).toMatch(new RegExp(`Examples:\\n  \\$ (?:[^\\n]*\\| )?vectron ${command.join(" ")}`));
    expect(stdout).toContain("--json");
  });

  it("of the whole names every command and every exit code", async () => {
    const { code, stdout } = await cli(["--help"]);
    expect(code).toBe(0);
    for (const [command] of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    for (const exit of ["0 done", "1 failed", "2 wrong usage", "3 partly", "130 interrupted"]) {
      expect(stdout).toContain(exit);
    }
  });

  it("has no colours where there is no terminal", async () => {
    const { stdout, stderr } = await cli(["search", "docs", "--vector", "1", "--host", "127.0.0.1:1"]);
    expect(stdout + stderr).not.toContain("\u001b");
  });
});

describe("wrong usage", () => {
  it.each([
    [["bogus"], /unknown command 'bogus'/],
    [["serch"], /Did you mean search\?/],
    [["search", "docs", "--bogus"], /unknown option '--bogus'/],
    [["search"], /missing required argument 'collection'/],
    [["search", "docs"], /one of --vector, --vector-file and --id/],
    [["search", "docs", "--vector", "a,b"], /--vector must be numbers/],
    [["search", "docs", "--id", "a", "--host", "h", "--path", "p"], /--host or --path, not both/],
    [["collections", "create", "docs", "--dimension", "x"], /an integer from 1/],
    [["collections", "delete", "docs"], /no terminal to ask on: pass --yes/],
    [["import", "no-such-file.jsonl", "-c", "docs"], /ENOENT/],
    [["serve", "--tls-cert", "cert.pem"], /--tls-cert and --tls-key belong together/],
    [["auth", "keys", "list"], /nobody is logged in/],
  ])("%j exits with 2 and says why", async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("is told as JSON with --json", async () => {
    const { code, stderr } = await cli(["search", "docs", "--json"]);
    expect(JSON.parse(stderr)).toMatchObject({ error: { name: "UsageError" } });
    expect(code).toBe(2);
  });
});

describe("failures", () => {
  const lost = ["get", "docs", "a", "--host", "127.0.0.1:1", "--timeout-ms", "3000"];

  it("are told in the SDK's words, with a hint and no stack", async () => {
    const { code, stderr } = await cli(lost);
    expect(stderr).toMatch(/^error: No connection to 127\.0\.0\.1:1/);
    expect(stderr).toMatch(/^hint: .*vectron doctor/m);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(1);
  });

  it("have their stack with --debug", async () => {
    const { code, stderr } = await cli([...lost, "--debug"]);
    expect(stderr).toMatch(/^ {4}at /m);
    expect(code).toBe(1);
  });
});

it("starts with commander and nothing else: bodies of commands are loaded when they run", () => {
  const dist = join(import.meta.dirname, "../dist");
  const seen = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(file, "utf8");
    for (const [, from = ""] of code.matchAll(/^import (?:[^;]*? from )?"([^"]+)";/gm)) {
      if (from.startsWith(".")) visit(join(dirname(file), from));
      else if (!from.startsWith("node:")) outside.add(from);
    }
  };
  visit(join(dist, "main.js"));
  expect([...outside]).toEqual(["commander"]);
});
