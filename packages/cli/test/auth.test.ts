import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAuthService } from "@vectron/fixtures";
import { startServer } from "@vectron/local";
import { AuthClient } from "@vectron/node";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { cli, cliJson, temporaryDirectory } from "./support/cli.ts";

const EMAIL = "me@example.com";
const PASSWORD = "Correct-horse-9";

/** An auth service with one account, a gateway that takes its tokens, and a directory for credentials. */
async function cluster() {
  const auth = await startAuthService({ limits: false });
  onTestFinished(() => auth.close());
  const gateway = await startServer({ jwtSecret: auth.jwtSecret });
  onTestFinished(() => gateway.close());
  const client = new AuthClient({ host: auth.grpcAddress });
  await client.register({ email: EMAIL, password: PASSWORD });
  await client.close();
  const config = join(temporaryDirectory(), "config");
  const env = { VECTRON_CONFIG_DIR: config, VECTRON_PASSWORD: PASSWORD };
  return { auth, gateway, config, env, file: join(config, "credentials.json") };
}

describe("vectron auth", () => {
  let world: Awaited<ReturnType<typeof cluster>>;
  beforeEach(async () => {
    world = await cluster();
  });

  it.each(["gRPC", "HTTP"])("logs in over %s, for the other commands to use", async (face) => {
    const { auth, gateway, env, file } = world;
    const authHost = face === "gRPC" ? auth.grpcAddress : auth.httpUrl;
    const login = ["auth", "login", "--auth-host", authHost, "--host", gateway.grpcAddress, "--email", EMAIL];
    const { code, stdout } = await cli(login, { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^logged in as ${EMAIL}, until `));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain(PASSWORD);
    // Neither address nor token are given: both are kept.
    expect(await cliJson(["collections", "list"], { env })).toEqual([]);
    const { expiresAt, token } = await cliJson<{ token: string; expiresAt: string }>(["auth", "token"], {
      env,
    });
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    expect(token.split(".")).toHaveLength(3);
    expect((await cli(["auth", "logout"], { env })).stdout).toMatch(/logged out/);
    expect(existsSync(file)).toBe(false);
  });

  it("creates, lists and deletes keys, and exchanges one for a token", async () => {
    const { auth, gateway, env } = world;
    await cli(
      ["auth", "login", "--auth-host", auth.grpcAddress, "--host", gateway.grpcAddress, "--email", EMAIL],
      { env },
    );
    const key = await cliJson<{ keyPrefix: string; fullKey: string }>(
      ["auth", "keys", "create", "search service"],
      { env },
    );
    expect(key).toMatchObject({ name: "search service", keyPrefix: key.fullKey.slice(0, 13) });
    const listed = await cli(["auth", "keys", "list"], { env });
    expect(listed.stdout).toContain(`${key.keyPrefix}  search service`);
    expect(listed.stdout).not.toContain(key.fullKey);
    const token = await cli(["auth", "token", "--key", key.keyPrefix, "--save"], { env });
    expect(token.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(token.stderr).toMatch(/^good until /);
    expect(await cliJson(["collections", "list"], { env })).toEqual([]);
    const doctor = await cli(["doctor", "--read-only", "--json"], { env });
    expect(doctor.stdout).toContain(`of API key ${key.keyPrefix}`);
    expect(await cliJson(["auth", "keys", "delete", key.keyPrefix, "--yes"], { env })).toEqual({
      deleted: key.keyPrefix,
    });
    expect(await cliJson(["auth", "keys", "list"], { env })).toEqual([]);
    const wholeKey = await cli(["auth", "token", "--key", key.fullKey], { env });
    expect(wholeKey.code).toBe(1);
    expect(wholeKey.stderr).toMatch(/prefix/);
    expect(wholeKey.stderr).not.toContain(key.fullKey);
  });

  it("takes the password from standard input, and says when it is wrong", async () => {
    const { auth, config } = world;
    const login = ["auth", "login", "--auth-host", auth.grpcAddress, "--email", EMAIL];
    const env = { VECTRON_CONFIG_DIR: config };
    const asked = await cli(login, { env });
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no terminal to ask on: pass --password-stdin/),
    });
    const wrong = await cli([...login, "--password-stdin"], { env, input: "wrong\n" });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: invalid password/) });
    const right = await cli([...login, "--password-stdin"], { env, input: `${PASSWORD}\n` });
    expect(right.code).toBe(0);
  });

  it("sends a kept token to the gateway that it is for, and to no other", async () => {
    const { auth, gateway, env } = world;
    await cli(
      ["auth", "login", "--auth-host", auth.grpcAddress, "--host", gateway.grpcAddress, "--email", EMAIL],
      { env },
    );
    const other = await startServer({ jwtSecret: auth.jwtSecret });
    onTestFinished(() => other.close());
    const refused = await cli(["collections", "list", "--host", other.grpcAddress], { env });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/missing Authorization/) });
  });

  it("refuses credentials that others can read, and tokens that have ended", async () => {
    const { auth, gateway, env, file } = world;
    await cli(
      ["auth", "login", "--auth-host", auth.grpcAddress, "--host", gateway.grpcAddress, "--email", EMAIL],
      { env },
    );
    const kept = JSON.parse(readFileSync(file, "utf8"));
    kept.default.expiresAtMs = 1_000;
    writeFileSync(file, JSON.stringify(kept));
    const ended = await cli(["collections", "list"], { env });
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/ended at 1970-01-01.*`vectron auth login` again/),
    });
    chmodSync(file, 0o644);
    const open = await cli(["collections", "list"], { env });
    expect(open).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/can be read by other users.*chmod 600/),
    });
  });
});

describe("profiles", () => {
  function profiles(config: unknown) {
    const directory = join(temporaryDirectory(), "config");
    mkdirSync(directory);
    const text = typeof config === "string" ? config : JSON.stringify(config);
    writeFileSync(join(directory, "config.json"), text, { mode: 0o600 });
    return { VECTRON_CONFIG_DIR: directory };
  }

  it("flags count before the environment, and that before the profile file", async () => {
    const server = await startServer({ apiKey: "secret" });
    onTestFinished(() => server.close());
    const good = { host: server.grpcAddress, apiKey: "secret" };
    const bad = { host: "127.0.0.1:1" };
    const chosen = profiles({ defaultProfile: "good", profiles: { good, bad } });
    expect(await cliJson(["collections", "list"], { env: chosen })).toEqual([]);
    const lost = await cli(["collections", "list", "--timeout-ms", "2000"], {
      env: { ...chosen, VECTRON_HOST: bad.host },
    });
    expect(lost.stderr).toMatch(/127\.0\.0\.1:1/);
    const env = { ...chosen, VECTRON_HOST: bad.host };
    expect(await cliJson(["collections", "list", "--profile", "good"], { env })).toEqual([]);
    const flags = ["--host", good.host, "--api-key", "secret"];
    expect(await cliJson(["collections", "list", ...flags], { env })).toEqual([]);
  });

  it.each([
    ["not JSON", "{", /config\.json is not JSON/],
    [
      "an entry that is not known",
      { profiles: { default: { hots: "x" } } },
      /profile "default" has no entry "hots"/,
    ],
    ["a wrong type", { profiles: { default: { tls: "yes" } } }, /tls must be a boolean/],
  ])("a file with %s is refused", async (_name, config, message) => {
    const { code, stderr } = await cli(["collections", "list"], { env: profiles(config) });
    expect(stderr).toMatch(message);
    expect(code).not.toBe(0);
  });

  it("a file with a token that others can read is refused", async () => {
    const env = profiles({ profiles: { default: { host: "127.0.0.1:1", apiKey: "secret" } } });
    chmodSync(join(env.VECTRON_CONFIG_DIR, "config.json"), 0o644);
    const { code, stderr } = await cli(["collections", "list"], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/holds an apiKey.*chmod 600/);
    expect(stderr).not.toContain("secret");
  });

  it("a name that is not there is refused", async () => {
    const { code, stderr } = await cli(["collections", "list", "--profile", "nobody"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no profile "nobody"/);
  });
});
