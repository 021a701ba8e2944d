import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One request, as the server received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

export interface ScriptedServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** Every request, in order of arrival. */
  readonly received: ReceivedRequest[];
  /** Resolves when the connection of the latest request has been closed by the client. */
  readonly abandoned: Promise<void>;
}

/**
 * A real HTTP server that gives each request the next answer of the script, the
 * last of which it repeats. Stopped when the test has finished.
 */
export async function startServer(...script: readonly Answer[]): Promise<ScriptedServer> {
  const received: ReceivedRequest[] = [];
  let abandon: () => void = () => {};
  const abandoned = new Promise<void>((resolve) => {
    abandon = resolve;
  });
  const server = createServer((request, response) => {
    response.once("close", () => {
      if (!response.writableFinished) abandon();
    });
    readBody(request).then(
      (body) => {
        const { method = "", url = "", headers } = request;
        received.push({ method, url, headers, body });
        const answer = script[Math.min(received.length, script.length) - 1];
        answer?.(response, received.at(-1) as ReceivedRequest);
      },
      () => {},
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, abandoned };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
