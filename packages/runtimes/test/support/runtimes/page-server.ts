import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { built } from "./built.ts";

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Suite</title><script type="module" src="/page.js"></script>';

/** What is served: the page itself, and the folder of its scripts. */
interface Site {
  readonly page: string;
  readonly folder: string;
}

const SUITE: Site = { page: PAGE, folder: built("bundle") };

/** Serves a page on an origin of its own; unless told otherwise, the one that runs the suite. */
export async function servePage(site = SUITE): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(site, request.url ?? "/", response));
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

async function answer({ page, folder }: Site, path: string, response: ServerResponse): Promise<void> {
  if (path === "/") return send(response, "text/html", page);
  if (!/^(\/[\w-]+)+\.js$/.test(path)) return void response.writeHead(404).end();
  send(response, "text/javascript", await readFile(join(folder, path)));
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { "content-type": type }).end(body);
}
