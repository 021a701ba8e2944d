import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerParent } from "../harness/child.ts";
import type { HttpReply } from "./discarding-http-server.ts";

// Runs in the process of the server: the only message is what to answer, the answer its port.

answerParent(async (replies: readonly HttpReply[]) => {
  const prepared = replies.map(({ path, body }) => ({ path, bytes: Buffer.from(JSON.stringify(body)) }));
  const server = createServer((request, response) => {
    const path = (request.url as string).split("?")[0] as string;
    const reply = prepared.find((one) => path.endsWith(one.path));
    request.resume();
    request.on("end", () => {
      response.writeHead(reply === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(reply?.bytes ?? `{"message":"nothing is prepared for ${path}"}`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
});
