import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { STATUS_CODES, type StatusCode } from "@vectron/core";
import { statusCodeFromNumber } from "@vectron/core/wire";
import type { OpenCall } from "../monitor/call-monitor.ts";

/** The same reply; how the call ended, where its handler has not told, is read off it when it has been sent. */
export function watchReply(reply: UniversalServerResponse, open: OpenCall): UniversalServerResponse {
  const { body } = reply;
  if (body === undefined) {
    open.end("OK");
    return reply;
  }
  return { ...reply, body: watchBody(body, reply.status === 200, open) };
}

async function* watchBody(
  body: NonNullable<UniversalServerResponse["body"]>,
  isOk: boolean,
  open: OpenCall,
): AsyncGenerator<Uint8Array, void, undefined> {
  let last: Uint8Array = new Uint8Array();
  for await (const chunk of body) {
    open.sent(chunk.byteLength);
    last = chunk;
    yield chunk;
  }
  if (open.hasEnded) return;
  const { code, message } = readEnd(last, isOk);
  open.end(code, message);
}

interface End {
  readonly code: StatusCode;
  readonly message: string;
}

const OK: End = { code: "OK", message: "" };

/** What marks the last frame: of gRPC-Web a bit of its first byte, of Connect's streams another one. */
const WEB_TRAILERS = 0x80;
const CONNECT_END = 0x02;

/** Bytes of a frame before its content. */
const FRAME_HEAD = 5;

/** How a reply ended, by its last piece: requests that cannot be read are refused before any handler hears of them. */
function readEnd(last: Uint8Array, isOk: boolean): End {
  if (!isOk) return readError(textOf(last));
  if (last[0] === WEB_TRAILERS) return readTrailers(textOf(last.subarray(FRAME_HEAD)));
  if (last[0] === CONNECT_END) return readError(textOf(last.subarray(FRAME_HEAD)));
  return OK;
}

function readTrailers(text: string): End {
  const [, number] = /^grpc-status: *(\d+)/im.exec(text) ?? [];
  const [, message = ""] = /^grpc-message: *(.*?)\r?$/im.exec(text) ?? [];
  return { code: statusCodeFromNumber(Number(number)), message };
}

/** Connect writes `{"code":"not_found",...}`, at the end of a stream as `{"error":{...}}`, and without a code of success. */
function readError(text: string): End {
  const [, name] = /"code" *: *"([a-z_]+)"/.exec(text) ?? [];
  if (name === undefined) return OK;
  const [, message = ""] = /"message" *: *"([^"]*)"/.exec(text) ?? [];
  const code = name === "canceled" ? "CANCELLED" : name.toUpperCase();
  return { code: STATUS_CODES.find((known) => known === code) ?? "UNKNOWN", message };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
