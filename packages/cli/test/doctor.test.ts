import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { refusedAddress } from "@vectron/fixtures";
import { startServer } from "@vectron/local";
import { SignJWT } from "jose";
import { generate } from "selfsigned";
import { describe, expect, it, onTestFinished } from "vitest";
import { cli, cliJson, serve, startCli, temporaryDirectory } from "./support/cli.ts";

interface Diagnosis {
  readonly code: number | null;
  readonly ok: boolean;
  readonly checks: Record<
    string,
    { verdict: string; detail: string; advice?: string; data?: Record<string, unknown> }
  >;
}

async function doctor(...args: string[]): Promise<Diagnosis> {
  const { code, stdout, stderr } = await cli([
    "doctor",
    "--json",
    "--searches",
    "5",
    "--max-message-mib",
    "5",
    ...args,
  ]);
  if (stdout === "") throw new Error(stderr);
  const { ok, checks } = JSON.parse(stdout);
  return {
    code,
    ok,
    checks: Object.fromEntries(checks.map((check: { name: string }) => [check.name, check])),
  };
}

function verdicts({ checks }: Diagnosis) {
  return Object.fromEntries(Object.entries(checks).map(([name, { verdict }]) => [name, verdict]));
}

describe("of a server that is well", () => {
  it("over gRPC, doctor finds every check good and leaves nothing behind", async () => {
    const { grpcAddress } = await serve(["--api-key", "secret"]);
    const where = ["--host", grpcAddress, "--api-key", "secret"];
    const found = await doctor(...where);
    expect(verdicts(found)).toEqual({
      DNS: "ok",
      TCP: "ok",
      TLS: "skipped",
      "HTTP/2": "ok",
      auth: "ok",
      clock: "ok",
      calls: "ok",
      limits: "ok",
      latency: "ok",
      keepalive: "ok",
      "clean-up": "ok",
    });
    expect(found).toMatchObject({ code: 0, ok: true });
    expect(found.checks.calls?.data).toMatchObject({
      times: {
        CreateCollection: expect.any(Number),
        SearchStream: expect.any(Number),
        SubmitFeedback: expect.any(Number),
      },
    });
    expect(found.checks.latency?.data).toMatchObject({
      searches: 5,
      p50Ms: expect.any(Number),
      p99Ms: expect.any(Number),
    });
    expect(found.checks.limits?.data).toEqual({ passedBytes: 5 * 1_048_576 });
    expect(await cliJson(["collections", "list", ...where])).toEqual([]);
  });

  it("over HTTP it tells what JSON lacks", async () => {
    const { httpUrl } = await serve();
    const found = await doctor("--host", httpUrl);
    expect(found.code).toBe(0);
    expect(verdicts(found)).toMatchObject({
      HTTP: "ok",
      auth: "ok",
      clock: "ok",
      calls: "warning",
      keepalive: "skipped",
    });
    expect(found.checks.calls).toMatchObject({
      detail: expect.stringMatching(/not offered here: SearchStream/),
    });
  });

  it("of a directory it makes the calls", async () => {
    const found = await doctor("--path", join(temporaryDirectory(), "data"));
    expect(verdicts(found)).toEqual({ calls: "ok", limits: "ok", latency: "ok", "clean-up": "ok" });
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const { grpcAddress } = await serve();
    const running = startCli(["doctor", "--host", grpcAddress, "--searches", "10000"]);
    await running.line((line) => line.includes("limits"));
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/the scratch collection is deleted/);
    expect(await cliJson(["collections", "list", "--host", grpcAddress])).toEqual([]);
  });

  it("for people it prints a line a check", async () => {
    const { grpcAddress } = await serve();
    const { code, stdout } = await cli(["doctor", "--host", grpcAddress, "--read-only"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}ok {4}TCP {8}connected to port/m);
    expect(stdout).toMatch(/^ {2}- {5}calls {6}--read-only/m);
    expect(stdout).toMatch(/all is well\n$/);
  });
});

describe("what is wrong is told, with what to do", () => {
  it("a name that nobody knows", async () => {
    const found = await doctor("--host", "vectron.invalid");
    expect(found.code).toBe(1);
    expect(found.checks.DNS).toMatchObject({ verdict: "failed", advice: expect.stringMatching(/spelling/) });
    expect(found.checks.TCP).toMatchObject({ verdict: "skipped", detail: "it needs DNS" });
    expect(found.checks["clean-up"]).toBeUndefined();
  });

  it("a port where nobody listens", async () => {
    const found = await doctor("--host", await refusedAddress());
    expect(found.checks.TCP).toMatchObject({
      verdict: "failed",
      advice: expect.stringMatching(/vectron serve/),
    });
  });

  it("a server of something else", async () => {
    const web = createServer((_request, reply) => reply.end("<html>")).listen(0, "127.0.0.1");
    await once(web, "listening");
    onTestFinished(() => void web.close());
    const { port } = web.address() as { port: number };
    const grpc = await doctor("--host", `127.0.0.1:${port}`);
    expect(grpc.checks["HTTP/2"]).toMatchObject({
      verdict: "failed",
      advice: expect.stringMatching(/http\(s\)/),
    });
    const http = await doctor("--host", `http://127.0.0.1:${port}`, "--read-only");
    expect(http.checks.HTTP).toMatchObject({
      verdict: "warning",
      advice: expect.stringMatching(/answers with JSON/),
    });
  });

  it("clear text where TLS is, and the other way round", async () => {
    const { grpcAddress } = await serve();
    const tls = await doctor("--host", grpcAddress, "--tls");
    expect(tls.checks.TLS).toMatchObject({
      verdict: "failed",
      advice: expect.stringMatching(/leave out --tls/),
    });
    const secured = await tlsServer(365);
    const clear = await doctor("--host", secured.host);
    expect(clear.checks["HTTP/2"]).toMatchObject({ verdict: "failed", advice: "pass --tls" });
  });

  it("a certificate that is not trusted, and one that ends soon", async () => {
    const { host, certFile } = await tlsServer(10);
    const distrusted = await doctor("--host", host, "--tls");
    expect(distrusted.checks.TLS).toMatchObject({
      verdict: "failed",
      advice: expect.stringMatching(/--tls-ca/),
      data: { code: expect.stringMatching(/SELF_SIGNED/) },
    });
    const soon = await doctor("--host", host, "--tls-ca", certFile);
    expect(soon.code).toBe(0);
    expect(soon.checks.TLS).toMatchObject({
      verdict: "warning",
      detail: expect.stringMatching(/9 days left/),
      advice: expect.stringMatching(/renew/),
    });
    const misnamed = await doctor("--host", host.replace("localhost", "127.0.0.1"), "--tls-ca", certFile);
    expect(misnamed.checks.TLS).toMatchObject({
      verdict: "failed",
      advice: expect.stringMatching(/--tls-server-name/),
    });
  });

  it("a token that is missing, is an API key, has ended, or is of another cluster", async () => {
    const server = await startServer({ jwtSecret: "a-secret-of-at-least-thirty-two-bytes" });
    onTestFinished(() => server.close());
    const where = ["--host", server.grpcAddress, "--read-only"];
    const now = Math.floor(Date.now() / 1_000);
    const advice = async (...args: string[]) => (await doctor(...where, ...args)).checks.auth?.advice;
    expect(await advice()).toMatch(/pass a token/);
    expect(await advice("--api-key", "vkey-12345678-1234")).toMatch(
      /gateways take tokens only.*vectron auth token/,
    );
    expect(await advice("--api-key", "abc")).toMatch(/no JSON Web Token/);
    expect(await advice("--api-key", await token(now - 900, now - 600))).toMatch(
      /the token ended at .*vectron auth login/,
    );
    expect(
      await advice("--api-key", await token(now, now + 900, "another-secret-of-thirty-two-bytes!!")),
    ).toMatch(/of another cluster/);
    const soon = await doctor(...where, "--api-key", await token(now, now + 900));
    expect(soon.checks.auth).toMatchObject({
      verdict: "warning",
      detail: expect.stringMatching(/15 minutes yet|14 minutes/),
    });
    const early = await doctor(...where, "--api-key", await token(now + 600, now + 90_000));
    expect(early.checks.clock).toMatchObject({ verdict: "failed", advice: expect.stringMatching(/NTP/) });
  });

  it("messages that a server is too small for", async () => {
    const server = await startServer({ maxMessageBytes: 2 * 1_048_576 });
    onTestFinished(() => server.close());
    const found = await doctor("--host", server.grpcAddress);
    expect(found.code).toBe(0);
    expect(found.checks.limits).toMatchObject({
      verdict: "warning",
      detail: expect.stringMatching(/a request of 5\.0 MiB was refused, 1\.0 MiB passed/),
      advice: expect.stringMatching(/set lower/),
    });
  });
});

function token(
  issued: number,
  expires: number,
  secret = "a-secret-of-at-least-thirty-two-bytes",
): Promise<string> {
  const claims = { user_id: "u", api_key: "", plan: "FREE" };
  const unsigned = new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt(issued)
    .setExpirationTime(expires);
  return unsigned.sign(Buffer.from(secret));
}

async function tlsServer(days: number) {
  const directory = temporaryDirectory();
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    notAfterDate: new Date(Date.now() + days * 86_400_000),
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const [certFile, keyFile] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const { grpcAddress } = await serve(["--tls-cert", certFile, "--tls-key", keyFile]);
  return { host: grpcAddress.replace("127.0.0.1", "localhost"), certFile };
}
