import { once } from "node:events";
import { connect } from "node:net";
import type { HostileRequest } from "./http-requests.ts";

/** Longer than any limit of the server under test: what has not ended by then hangs. */
const HANG_MS = 20_000;

/** Sends a request over a connection of its own; what is wrong with what came of it, if anything. */
export async function sendHttp(port: number, { bytes, after, statuses, body }: HostileRequest) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const chunks: Buffer[] = [];
  // Writing to a connection that the server has closed already is no fault of it.
  socket.on("error", () => undefined).on("data", (chunk) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  await Promise.race([once(socket, "connect"), closed]);
  if (after === "leave") {
    await new Promise((resolve) => socket.write(bytes, resolve));
    socket.destroy();
    return undefined;
  }
  socket.write(bytes);
  const timer = setTimeout(() => socket.destroy(new Error("hangs")), HANG_MS);
  const startMs = performance.now();
  await closed;
  clearTimeout(timer);
  if (performance.now() - startMs >= HANG_MS) return "no answer, and the connection stays open";
  return difference(Buffer.concat(chunks).toString("latin1"), statuses, body);
}

function difference(text: string, statuses: readonly number[], body: RegExp | undefined): string | undefined {
  const got = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const isRight = got.length === statuses.length && got.every((status, index) => status === statuses[index]);
  if (!isRight)
    return `answered ${got.join(", ") || "nothing"} instead of ${statuses.join(", ")}: ${text.slice(0, 300)}`;
  const last = text.slice(text.indexOf("\r\n\r\n") + 4);
  // gRPC-Web has its status in the headers where there is no message.
  const isLike = body === undefined || body.test(last) || body.test(text);
  return isLike ? undefined : `the answer is not like ${body}: ${text.slice(0, 600)}`;
}
