import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Metadata, TransportFailure } from "@vectron/core";
import { httpStatusFromCode, statusCodeToNumber } from "@vectron/core/wire";

/** What HTTP has a header of its own for, and its clients look for under that name. */
const HTTP_NAMES = ["retry-after", "x-request-id", "grpc-retry-pushback-ms"];

/** Answers with a message. */
export function sendReply(response: ServerResponse, json: Buffer, metadata: Metadata): void {
  send(response, 200, json, { "Grpc-Metadata-Content-Type": "application/grpc", ...replyHeaders(metadata) });
}

/** Answers with a failure, as grpc-gateway writes it. */
export function sendFailure(response: ServerResponse, { code, message, metadata }: TransportFailure): void {
  const json = Buffer.from(JSON.stringify({ code: statusCodeToNumber(code), message, details: [] }));
  send(response, httpStatusFromCode(code), json, {
    ...(code === "UNAUTHENTICATED" && { "WWW-Authenticate": headerText(message) }),
    ...replyHeaders(metadata),
  });
}

function send(response: ServerResponse, status: number, json: Buffer, headers: OutgoingHttpHeaders): void {
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": json.byteLength,
    ...headers,
  });
  response.end(json);
}

/** What the back end sent beside the message, named as grpc-gateway names it. */
function replyHeaders(metadata: Metadata): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      HTTP_NAMES.includes(name) ? name : `Grpc-Metadata-${name}`,
      value,
    ]),
  );
}

/** A text as the value of a header, where line breaks and most of Unicode are not allowed. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, " ");
}
