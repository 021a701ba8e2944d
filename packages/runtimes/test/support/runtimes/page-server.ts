import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { built } from "./built.ts";

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Suite</title><script type="module" src="/page.js"></script>';

/** Serves a page with the build's bundle, on an origin of its own. */
export async function servePage(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(request.url ?? "/", response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  if (path === "/") return send(response, "text/html", PAGE);
  if (!/^\/[\w-]+\.js$/.test(path)) return void response.writeHead(404).end();
  send(response, "text/javascript", await readFile(built(`bundle${path}`)));
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { "content-type": type }).end(body);
}
