import { expect, test, vi } from "vitest";
import { VectronClient as ConnectClient } from "../src/connect/index.ts";
import { VectronClient as GrpcWebClient } from "../src/grpc-web/index.ts";
import { VectronClient } from "../src/index.ts";
import { VectronClient as JsonClient } from "../src/json/index.ts";
import { silence } from "./support/gateway.ts";
import { startServer } from "./support/http-server.ts";

test.concurrent.each([
  ["main", VectronClient],
  ["json", JsonClient],
  ["grpc-web", GrpcWebClient],
  ["connect", ConnectClient],
] as const)(
  "a call of %s asks for a token itself when the one who asks does not come back",
  async (_, Client) => {
    const server = await startServer(silence);
    let asked = 0;
    const auth = () => {
      asked += 1;
      return new Promise<never>(() => {});
    };
    const client = new Client({ baseUrl: server.url, auth });
    const calls = Promise.allSettled([client.listCollections(), client.listCollections()]);
    await vi.waitFor(() => expect(asked).toBe(2), { timeout: 30_000 });
    await client.close();
    await calls;
  },
);
