import type { Fault } from "../fault.ts";
import { startHttp1Gateway } from "../servers/http1-gateway.ts";
import { startHttp2Gateway } from "../servers/http2-gateway.ts";

/** A message of gRPC or Connect: a byte of flags, four of length, and what is no message of any kind. */
const FRAME = Buffer.from([0, 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff]);

export const badFrame: Fault = {
  name: "bad frame",
  happens: "The server answers with what cannot be decoded.",
  stage: ({ transport, port }) =>
    transport === "grpc"
      ? startHttp2Gateway(port, {}, (stream) => {
          stream.respond(
            { ":status": 200, "content-type": "application/grpc+proto" },
            { waitForTrailers: true },
          );
          stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
          stream.end(FRAME);
        })
      : startHttp1Gateway(port, ({ headers }, response) => {
          const isStream = headers["content-type"]?.startsWith("application/connect+");
          const type = transport === "json" ? "application/json" : headers["content-type"];
          response.writeHead(200, { "content-type": type });
          response.end(transport === "json" ? '{"a": [' : isStream ? FRAME : FRAME.subarray(5));
        }),
  promises: [{ ends: "InternalServerError", attempts: ["INTERNAL sent"] }],
};

const PAGE = "<!doctype html><title>Welcome</title>";

export const wrongContentType: Fault = {
  name: "wrong content type",
  happens: "Something else answers: a page, with status 200.",
  stage: ({ transport, port }) =>
    transport === "grpc"
      ? startHttp2Gateway(port, {}, (stream) => {
          stream.respond({ ":status": 200, "content-type": "text/html" });
          stream.end(PAGE);
        })
      : startHttp1Gateway(port, (_request, response) => {
          response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
        }),
  // Whoever has answered, the server has perhaps not heard of it.
  promises: [{ ends: "InternalServerError", attempts: ["INTERNAL perhaps sent"] }],
};
