import type { IncomingMessage } from "node:http";
import { type ErrorCode, STATUS_CODES } from "@vectron/core";
import { httpStatusFromCode, statusCodeToNumber } from "@vectron/core/wire";
import type { Fault, Promised } from "../fault.ts";
import { startHttp1Gateway } from "../servers/http1-gateway.ts";
import { startHttp2Gateway } from "../servers/http2-gateway.ts";

const MESSAGE = "as the test says";

/** The error of each code. */
const ERRORS: Readonly<Record<ErrorCode, string>> = {
  CANCELLED: "CancelledError",
  UNKNOWN: "UnknownError",
  INVALID_ARGUMENT: "InvalidArgumentError",
  DEADLINE_EXCEEDED: "DeadlineExceededError",
  NOT_FOUND: "NotFoundError",
  ALREADY_EXISTS: "AlreadyExistsError",
  PERMISSION_DENIED: "PermissionDeniedError",
  RESOURCE_EXHAUSTED: "ResourceExhaustedError",
  FAILED_PRECONDITION: "FailedPreconditionError",
  ABORTED: "AbortedError",
  OUT_OF_RANGE: "OutOfRangeError",
  UNIMPLEMENTED: "UnimplementedError",
  INTERNAL: "InternalServerError",
  UNAVAILABLE: "UnavailableError",
  DATA_LOSS: "DataLossError",
  UNAUTHENTICATED: "AuthenticationError",
};

/** Codes after which the same call is made again, where that is harmless. */
const RETRIED: readonly ErrorCode[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED"];

/** Each gRPC status, in the words of each protocol. */
export const statuses: readonly Fault[] = STATUS_CODES.filter((code): code is ErrorCode => code !== "OK").map(
  (code) => ({
    name: `status ${code}`,
    happens: `The server answers every attempt with ${code}.`,
    stage: ({ transport, port }) =>
      transport === "grpc" ? overHttp2(code, port) : overHttp1(code, port, transport),
    promises: promisesOf(code),
  }),
);

function promisesOf(code: ErrorCode): readonly Promised[] {
  const once: Promised = { ends: ERRORS[code], attempts: [`${code} sent`] };
  const thrice: Promised = { ...once, attempts: [`${code} sent`, `${code} sent`, `${code} sent`] };
  // A limit is looked at before anything is done, so that any call may be made again.
  if (code === "RESOURCE_EXHAUSTED") return [thrice];
  return RETRIED.includes(code) ? [{ ...thrice, repetition: ["harmless", "after a look"] }, once] : [once];
}

function overHttp2(code: ErrorCode, port: number) {
  return startHttp2Gateway(port, {}, (stream) =>
    stream.respond(
      {
        ":status": 200,
        "content-type": "application/grpc+proto",
        "grpc-status": statusCodeToNumber(code),
        "grpc-message": MESSAGE,
      },
      { endStream: true },
    ),
  );
}

function overHttp1(code: ErrorCode, port: number, protocol: "json" | "connect") {
  return startHttp1Gateway(port, (request, response) => {
    if (protocol === "json") {
      const body = JSON.stringify({ code: statusCodeToNumber(code), message: MESSAGE, details: [] });
      response.writeHead(httpStatusFromCode(code), { "content-type": "application/json" }).end(body);
      return;
    }
    const error = { code: CONNECT_CODES[code] ?? code.toLowerCase(), message: MESSAGE };
    if (isStream(request)) {
      response.writeHead(200, { "content-type": "application/connect+proto" }).end(endOfStream({ error }));
      return;
    }
    response
      .writeHead(httpStatusFromCode(code), { "content-type": "application/json" })
      .end(JSON.stringify(error));
  });
}

/** Connect's names are gRPC's in lower case, but for this one (https://connectrpc.com/docs/protocol#error-codes). */
const CONNECT_CODES: Partial<Record<ErrorCode, string>> = { CANCELLED: "canceled" };

function isStream({ headers }: IncomingMessage): boolean {
  return headers["content-type"]?.startsWith("application/connect+") ?? false;
}

/** The last frame of a Connect stream: flag 2, the length in four bytes, JSON. */
function endOfStream(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const head = Buffer.from([2, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}
