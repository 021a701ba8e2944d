import { type ClientHttp2Session, type ClientHttp2Stream, constants } from "node:http2";
import type { FetchFunction } from "@vectron/web";

/** A `fetch` over a connection of HTTP/2, with as much of it as clients need. */
export function http2Fetch(session: ClientHttp2Session): FetchFunction {
  return async (url, { method = "GET", headers, body, signal }) => {
    const { pathname, search } = new URL(url);
    const hasBody = body !== undefined && body !== null;
    const requestHeaders = {
      ":method": method,
      ":path": pathname + search,
      ...Object.fromEntries(new Headers(headers)),
    };
    const stream = session.request(requestHeaders, { endStream: !hasBody });
    const abort = () => stream.close(constants.NGHTTP2_CANCEL);
    signal?.addEventListener("abort", abort, { once: true });
    stream.once("close", () => signal?.removeEventListener("abort", abort));
    if (hasBody) stream.end(typeof body === "string" ? body : Buffer.from(body as Uint8Array));
    return responseOf(stream);
  };
}

function responseOf(stream: ClientHttp2Stream): Promise<Response> {
  const body = bodyOf(stream);
  return new Promise((resolve, reject) => {
    stream.once("response", (reply) => {
      const headers = Object.entries(reply as Record<string, string>).filter(
        ([name]) => !name.startsWith(":"),
      );
      resolve(new Response(body, { status: Number(reply[":status"]), headers }));
    });
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("the stream was closed before a response came")));
  });
}

function bodyOf(stream: ClientHttp2Stream): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      let isOver = false;
      const end = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        settle();
      };
      stream.on("data", (chunk) => controller.enqueue(chunk));
      stream.once("end", () => end(() => controller.close()));
      stream.once("error", (error) => end(() => controller.error(error)));
      stream.once("close", () => end(() => controller.error(new Error("the stream was closed"))));
    },
    cancel: () => stream.close(constants.NGHTTP2_CANCEL),
  });
}
