import { once } from "node:events";
import { connect } from "node:net";
import type { Transport } from "@vectron/core";
import { onTestFinished } from "vitest";
import type { ParityOptions } from "../../src/parity/parity-options.ts";
import type { CallGuard } from "../../src/server/call-guard.ts";
import { HttpServer } from "../../src/server/http/http-server.ts";
import { resolveServerOptions } from "../../src/server/resolve-options.ts";
import { listen } from "../../src/server/server.ts";
import type { StartServerOptions } from "../../src/server/server-options.ts";
import { surroundings } from "./surroundings.ts";

/** A collection can be used and searched at once. */
export const QUICK_PARITY: ParityOptions = { usableDelayMs: [0, 0], readyDelayMs: [0, 0], searchLagMs: 0 };

/** A server with both sides, stopped when the test has finished. */
export async function startBoth(options: StartServerOptions = {}, parity?: ParityOptions) {
  const server = await listen({ httpPort: 0, ...options }, parity);
  onTestFinished(() => server.close());
  return { server, url: server.httpUrl! };
}

/** The HTTP side alone, in front of any back end, stopped when the test has finished. */
export async function startHttp(backend: Transport, options: StartServerOptions = {}, guard?: CallGuard) {
  const resolved = resolveServerOptions({ httpPort: 0, ...options });
  const server = await HttpServer.listen(resolved, surroundings(guard), backend);
  onTestFinished(() => server.close(0));
  const scheme = options.tls === undefined ? "http" : "https";
  return { server, url: `${scheme}://127.0.0.1:${server.port}` };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What a server answers. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Sends exactly this text over a connection of its own, and returns what comes until the server closes it. */
export async function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => undefined);
  socket.write(text);
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
}
