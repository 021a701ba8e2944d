import type { ServerResponse } from "node:http";
import type { Answer } from "./http-server.ts";

/** The headers of every response of a stock gateway. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS, PATCH",
  "Access-Control-Allow-Headers":
    "Accept, Authorization, Content-Type, Content-Length, X-CSRF-Token, X-API-Key",
  "Access-Control-Allow-Credentials": "true",
};

/** The HTTP status of each gRPC code, as grpc-gateway maps them. */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};

/** A stock gateway's success. */
export function gatewayReply(message: object): Answer {
  return (response) => {
    response.writeHead(200, {
      ...CORS,
      "Content-Type": "application/json",
      "Grpc-Metadata-Content-Type": "application/grpc",
    });
    response.end(JSON.stringify(message));
  };
}

/** A stock gateway's error. */
export function gatewayError(code: number, message: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(HTTP_STATUS[code] as number, {
      ...CORS,
      "Content-Type": "application/json",
      ...(code === 16 && { "WWW-Authenticate": message }),
      ...headers,
    });
    response.end(JSON.stringify({ code, message, details: [] }));
  };
}

/** What anything that is no gateway answers. */
export function plainAnswer(status: number, type: string | undefined, body: string, headers = {}): Answer {
  return (response) => {
    response.writeHead(status, { ...(type !== undefined && { "Content-Type": type }), ...headers });
    response.end(body);
  };
}

/** An answer that begins and then stands still, for as long as the client waits. */
export function stalledAnswer(type: string, beginning: string | Uint8Array): Answer {
  return (response: ServerResponse) => {
    response.writeHead(200, { "Content-Type": type });
    response.write(beginning);
  };
}

/** No answer at all. */
export const silence: Answer = () => {};
