import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.ts";

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
  return { url: await listen(server), received, abandoned };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
