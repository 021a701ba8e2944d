import type { TLSSocket } from "node:tls";
import { InvalidArgumentError } from "@vectron/core";
import { beforeAll, describe, expect, test } from "vitest";
import type { TlsOptions } from "../src/tls.ts";
import { createAuthority, type Identity, issue, serverCredentials } from "./support/certificates.ts";
import { createTransport, unaryCall } from "./support/client.ts";
import { startHttp2Server } from "./support/http2-server.ts";
import { startServer } from "./support/server.ts";

let authority: Identity;
let stranger: Identity;
let localhost: Identity;
let client: Identity;

beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority("Test CA"), createAuthority("Another CA")]);
  localhost = await issue(authority, { dns: ["localhost"] });
  client = await issue(authority, { dns: ["client"] });
});

test("custom roots are trusted", async () => {
  const server = await startServer({ credentials: serverCredentials(localhost) });
  const tls = { rootCertificates: authority.certificate };
  const transport = createTransport({ host: `localhost:${server.port}`, tls });
  expect((await transport.unary(unaryCall("secret"))).message).toBe("secret");
});

test("serverName is sent, looked for in the certificate, and the call's authority", async () => {
  const named = await issue(authority, { dns: ["vectron.example"] });
  const asked: unknown[] = [];
  const server = await startHttp2Server(
    (stream, headers) => {
      asked.push((stream.session?.socket as TLSSocket | undefined)?.servername, headers[":authority"]);
      stream.respond({ ":status": 200, "grpc-status": "9" }, { endStream: true });
    },
    { key: named.key, cert: named.certificate },
  );
  const tls = { rootCertificates: authority.certificate, serverName: "vectron.example" };
  const transport = createTransport({ host: `localhost:${server.port}`, tls });
  await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
  expect(asked).toEqual(["vectron.example", "vectron.example"]);
});

test("a server that asks for a client certificate gets it", async () => {
  let subject: unknown;
  const server = await startServer({
    credentials: serverCredentials(localhost, authority),
    unary(call, reply) {
      subject = call.getAuthContext().sslPeerCertificate?.subjectaltname;
      reply(null, call.request);
    },
  });
  const bytes = new TextEncoder();
  const tls = {
    rootCertificates: bytes.encode(authority.certificate),
    clientCertificate: bytes.encode(client.certificate),
    clientKey: Buffer.from(client.key),
  };
  const transport = createTransport({ host: `localhost:${server.port}`, tls });
  await transport.unary(unaryCall("x"));
  expect(subject).toBe("DNS:client");
});

describe("a handshake that fails sends nothing", () => {
  test.each<[string, () => true | TlsOptions, RegExp]>([
    ["the authority is not trusted", () => ({ rootCertificates: stranger.certificate }), /certificate/],
    ["the runtime's own roots do not know the authority", () => true, /certificate/],
    [
      "the certificate is for another name",
      () => ({ rootCertificates: authority.certificate, serverName: "vectron.example" }),
      /altnames/,
    ],
  ])("%s", async (_case, tls, text) => {
    const server = await startServer({ credentials: serverCredentials(localhost) });
    const transport = createTransport({ host: `localhost:${server.port}`, tls: tls() });
    const failure = await transport.unary(unaryCall("x")).catch((error) => error);
    expect(failure).toMatchObject({ code: "UNAVAILABLE", requestSent: "no" });
    expect(failure.message).toMatch(new RegExp(`^No connection to localhost:${server.port}: `));
    expect(failure.message).toMatch(text);
    expect(failure.cause).toBeInstanceOf(Error);
    expect(server.received).toHaveLength(0);
  });

  test("the server wants a client certificate and gets none", async () => {
    const server = await startServer({ credentials: serverCredentials(localhost, authority) });
    const tls = { rootCertificates: authority.certificate };
    const transport = createTransport({ host: `localhost:${server.port}`, tls });
    // With TLS 1.3 the server refuses after the client has seen the handshake succeed.
    await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(server.received).toHaveLength(0);
  });

  test("the server speaks clear text", async () => {
    const server = await startServer();
    const transport = createTransport({ host: `localhost:${server.port}`, tls: true });
    await expect(transport.unary(unaryCall("x"))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      requestSent: "no",
    });
  });
});

describe("wrong options are refused at once, without showing a key", () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      "roots that are no certificate",
      () => ({ rootCertificates: "oops" }),
      /^tls\.rootCertificates must hold/,
    ],
    [
      "roots whose certificate is broken",
      () => ({ rootCertificates: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }),
      /^tls\.rootCertificates must hold/,
    ],
    ["roots of a wrong type", () => ({ rootCertificates: 7 }), /^tls\.rootCertificates must be PEM/],
    ["a certificate alone", () => ({ clientCertificate: client.certificate }), /must be set together/],
    ["a key alone", () => ({ clientKey: client.key }), /must be set together/],
    [
      "a certificate that is none",
      () => ({ clientCertificate: "oops", clientKey: client.key }),
      /^tls\.clientCertificate must hold/,
    ],
    [
      "a key of another certificate",
      () => ({ clientCertificate: client.certificate, clientKey: localhost.key }),
      /^tls\.clientKey must be/,
    ],
    [
      "a key that is none",
      () => ({ clientCertificate: client.certificate, clientKey: "hush" }),
      /^tls\.clientKey/,
    ],
    ["an empty server name", () => ({ serverName: "" }), /^tls\.serverName must be/],
    [
      "an unknown option",
      () => ({ ca: "x" }),
      /^tls has no option "ca"; it has rootCertificates, serverName/,
    ],
    ["a string", () => "yes", /^tls must be/],
    ["null", () => null, /^tls must be/],
  ])("%s", (_case, tls, text) => {
    const create = () => createTransport({ host: "localhost", tls: tls() as TlsOptions });
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(text);
    expect(create).not.toThrow(/hush|PRIVATE KEY/);
  });
});
