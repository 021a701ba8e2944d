import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from "node:http2";
import type { Target } from "../connect/target.ts";
import { duration } from "../output/numbers.ts";
import { type Check, type Finding, failed, ok } from "./finding.ts";
import { noteClock } from "./note-clock.ts";
import type { Endpoint, RemotePatient } from "./patient.ts";
import { handshake, tlsOptionsOf } from "./tls.ts";
import { within } from "./within.ts";

/** A gRPC server speaks HTTP/2, and answers calls. */
export const http2Check: Check<RemotePatient> = {
  name: "HTTP/2",
  needs: ["TLS"],
  run: examineHttp2,
};

async function examineHttp2(patient: RemotePatient): Promise<Finding> {
  const startMs = performance.now();
  let session: ClientHttp2Session;
  try {
    session = await openSession(patient);
  } catch (error) {
    return noHttp2(patient, error as Error);
  }
  patient.session = session;
  session.on("goaway", (code, _last, data) => {
    patient.goaway = `${data?.toString() || `code ${code}`}`;
  });
  const opened = performance.now() - startMs;
  const headers = await callNothing(session, patient);
  const type = String(headers["content-type"] ?? "nothing");
  const streams = session.remoteSettings.maxConcurrentStreams;
  const data = {
    openedMs: opened,
    contentType: type,
    maxConcurrentStreams: streams,
    httpStatus: headers[":status"],
  };
  if (!type.startsWith("application/grpc")) {
    const advice =
      "this is a web server or proxy and no gRPC server: check the port, or give its http(s):// address";
    return failed(
      `HTTP/2 is spoken, but a gRPC call got status ${headers[":status"]} and ${type}`,
      advice,
      data,
    );
  }
  const atOnce = streams === undefined || streams > 1_000_000 ? "any number of" : String(streams);
  return ok(`gRPC over HTTP/2, ${atOnce} calls at once (opened in ${duration(opened)})`, data);
}

function openSession({ endpoint, target }: RemotePatient): Promise<ClientHttp2Session> {
  const { host, port, tls, serverName } = endpoint;
  const authority = `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const session = connect(authority, tls ? { ...tlsOptionsOf(target), servername: serverName } : {});
  return within<ClientHttp2Session>("the HTTP/2 settings of the server", (resolve, reject) => {
    session.once("remoteSettings", () => resolve(session));
    session.on("error", reject);
    session.once("close", () =>
      reject(new Error("the connection was closed before the server's settings came")),
    );
  }).catch((error) => {
    session.destroy();
    throw error;
  });
}

/** Asks for the list of collections, for the headers of the answer: what they say does not matter here. */
async function callNothing(
  session: ClientHttp2Session,
  patient: RemotePatient,
): Promise<IncomingHttpHeaders & { ":status"?: number }> {
  const sentMs = Date.now();
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: "POST",
    [constants.HTTP2_HEADER_PATH]: "/vectron.v1.VectronService/ListCollections",
    "content-type": "application/grpc",
    te: "trailers",
    "grpc-timeout": "5S",
  });
  // One message of no bytes: not compressed, length 0.
  stream.end(Buffer.alloc(5));
  const headers = await within<IncomingHttpHeaders>("an answer over HTTP/2", (resolve, reject) => {
    stream.once("response", resolve);
    stream.once("error", reject);
  });
  stream.resume();
  noteClock(patient, headers.date, sentMs);
  return headers;
}

async function noHttp2({ endpoint, target }: RemotePatient, error: Error): Promise<Finding> {
  if (!endpoint.tls) {
    if (await speaksTls(endpoint, target))
      return failed("the server speaks TLS, and the connection is in clear text", "pass --tls");
  }
  const advice = "check that the port is the server's gRPC port; for its HTTP API give an http(s):// address";
  return failed(`HTTP/2 is not spoken here: ${error.message}`, advice);
}

async function speaksTls(endpoint: Endpoint, target: Target): Promise<boolean> {
  try {
    (await handshake(endpoint, tlsOptionsOf(target))).destroy();
    return true;
  } catch {
    return false;
  }
}
