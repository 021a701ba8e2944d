import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import { cli, cliJson, serve, startCli, temporaryDirectory } from "./support/cli.ts";

describe("vectron serve", () => {
  it("prints its addresses and a program to paste, and stops on Ctrl-C", async () => {
    const server = startCli(["serve", "--grpc-port", "0", "--http-port", "0"]);
    await server.line((line) => line.includes("Ctrl-C stops it"));
    server.child.kill("SIGINT");
    const { code, stdout } = await server.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/gRPC {3}127\.0\.0\.1:\d+\n/);
    expect(stdout).toMatch(/HTTP {3}http:\/\/127\.0\.0\.1:\d+ /);
    expect(stdout).toMatch(/new VectronClient\(\{ host: "127\.0\.0\.1:\d+" \}\)/);
    expect(stdout).toMatch(/stopping[\s\S]*stopped\n$/);
  });

  it("keeps what it is told to keep", async () => {
    const path = join(temporaryDirectory(), "data");
    const first = await serve(["--path", path]);
    await cliJson(["collections", "create", "docs", "--dimension", "2", "--host", first.grpcAddress]);
    expect((await first.stop()).code).toBe(0);
    const second = await serve(["--path", path]);
    expect(await cliJson(["collections", "list", "--host", second.httpUrl])).toEqual(["docs"]);
    const other = await cli(["collections", "list", "--path", path]);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/open/);
  });

  it("asks for the token that the environment names", async () => {
    const { grpcAddress } = await serve([], { env: { VECTRON_API_KEY: "secret" } });
    const refused = await cli(["collections", "list", "--host", grpcAddress]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error: missing Authorization header[\s\S]*^hint: .*--api-key/m);
    const env = { VECTRON_API_KEY: "secret", VECTRON_HOST: grpcAddress };
    expect(await cliJson(["collections", "list"], { env })).toEqual([]);
  });

  it("speaks TLS with a certificate", async () => {
    const directory = temporaryDirectory();
    const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
    });
    const [certFile, keyFile] = [join(directory, "cert.pem"), join(directory, "key.pem")];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    const { grpcAddress } = await serve(["--tls-cert", certFile, "--tls-key", keyFile]);
    const host = grpcAddress.replace("127.0.0.1", "localhost");
    expect(await cliJson(["collections", "list", "--host", host, "--tls-ca", certFile])).toEqual([]);
  });

  it("is a bridge to another server", async () => {
    const gateway = await serve(["--api-key", "secret"]);
    const bridge = await serve(["--upstream", gateway.grpcAddress]);
    const where = ["--host", bridge.httpUrl, "--protocol", "connect", "--api-key", "secret"];
    await cliJson(["collections", "create", "docs", "--dimension", "2", ...where]);
    const direct = ["--host", gateway.grpcAddress, "--api-key", "secret"];
    expect(await cliJson(["collections", "list", ...direct])).toEqual(["docs"]);
  });

  it("ends at once with a second Ctrl-C, whatever is under way", async () => {
    const { process, httpUrl } = await serve();
    const { hostname, port } = new URL(httpUrl);
    // A call whose request never ends keeps the server waiting.
    const held = connect({ host: hostname, port: Number(port) });
    held.on("error", () => undefined);
    held.write("POST /v1/collections HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n");
    held.write("content-length: 1000\r\nexpect: 100-continue\r\n\r\n");
    // The server has begun with the call when it asks for the rest of it.
    await once(held, "data");
    process.child.kill("SIGINT");
    await process.line((line) => line.includes('"stopping"'));
    process.child.kill("SIGINT");
    const { code, stdout } = await process.ended;
    held.destroy();
    expect(code).toBe(130);
    expect(stdout).not.toContain('"stopped"');
  });

  it("logs a JSON object for each call, and in text those that failed", async () => {
    const json = await serve();
    await cliJson(["collections", "list", "--host", json.grpcAddress]);
    await cli(["collections", "status", "none", "--host", json.grpcAddress]);
    const lines = (await json.stop()).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toEqual([
      "listening",
      "call ended",
      "call failed",
      "stopping",
      "stopped",
    ]);
    expect(lines[1]).toMatchObject({ level: "debug", method: "ListCollections" });
    expect(lines[2]).toMatchObject({ level: "warn", method: "GetCollectionStatus", code: "NOT_FOUND" });

    const text = startCli(["serve", "--grpc-port", "0", "--no-http"]);
    const address = /[\d.]+:\d+/.exec(await text.line((line) => line.includes("gRPC ")))![0];
    await cli(["collections", "status", "none", "--host", address]);
    expect(await text.line((line) => line.startsWith("warn "))).toMatch(/^warn call failed .*code=NOT_FOUND/);
  });

  it("has metrics for Prometheus when asked for", async () => {
    const { httpUrl } = await serve(["--metrics"]);
    const reply = await fetch(`${httpUrl}/metrics`);
    expect(reply.status).toBe(200);
    expect(await reply.text()).toMatch(/^# HELP /m);
  });

  it("says which port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await cli(["serve", "--grpc-port", String(port), "--no-http"]);
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^error: cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
  });

  it("refuses to be open to other machines without a token", async () => {
    const { code, stderr } = await cli(["serve", "--listen", "0.0.0.0", "--grpc-port", "0", "--no-http"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/apiKey|--allow-unauthenticated/);
  });
});
