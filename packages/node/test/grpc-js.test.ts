import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createAuthority, issue, serverCredentials } from "./support/certificates.ts";
import { startConnectProxy } from "./support/connect-proxy.ts";
import { startTcpServer } from "./support/tcp-server.ts";
import { startSearchServer } from "./support/vectron-server.ts";

// What the README says of grpc-js. Where a newer one behaves better, a sentence goes there.

const program = fileURLToPath(new URL("./fixtures/one-call.mjs", import.meta.url));

async function makeCall(options: object, env: Record<string, string> = {}) {
  return promisify(execFile)(
    process.execPath,
    [program, JSON.stringify({ retry: { maxAttempts: 1 }, ...options })],
    {
      env: { ...process.env, ...env },
    },
  );
}

test("a server that is silent in a TLS handshake keeps a program until the connection ends", async () => {
  const server = await startTcpServer(() => {});
  const options = { host: server.address, tls: true, timeoutMs: 500, retry: { maxAttempts: 1 } };
  const running = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void running.kill());
  const ended = once(running, "exit");
  const [line] = await once(running.stdout, "data");
  expect(String(line)).toBe("DeadlineExceededError held\n");
  for (const socket of server.sockets) socket.destroy();
  expect(await ended).toEqual([0, null]);
});

test("a refused tunnel is written to standard error, unless GRPC_VERBOSITY is NONE", async () => {
  const proxy = await startConnectProxy({}, 407);
  const options = { host: "vectron.example", proxy: `http://127.0.0.1:${proxy.port}` };
  const loud = await makeCall(options);
  expect(loud).toMatchObject({
    stdout: expect.stringMatching(/^UnavailableError /),
    stderr: expect.stringMatching(/Failed to connect .*407/),
  });
  expect(await makeCall(options, { GRPC_VERBOSITY: "NONE" })).toEqual({
    stdout: expect.stringMatching(/^UnavailableError /),
    stderr: "",
  });
});

test("TLS to an address brings a warning of Node's, and none with tls.serverName", async () => {
  const authority = await createAuthority("Test CA");
  const both = await issue(authority, { ip: ["127.0.0.1"], dns: ["localhost"] });
  const server = await startSearchServer(() => [{ results: [] }], { credentials: serverCredentials(both) });
  const rootCertificates = authority.certificate;
  const warned = await makeCall({ host: server.address, tls: { rootCertificates } });
  expect(warned).toMatchObject({
    stdout: expect.stringMatching(/^ok /),
    stderr: expect.stringContaining("DEP0123"),
  });
  const tls = { rootCertificates, serverName: "localhost" };
  expect(await makeCall({ host: server.address, tls })).toEqual({
    stdout: expect.stringMatching(/^ok /),
    stderr: "",
  });
});
