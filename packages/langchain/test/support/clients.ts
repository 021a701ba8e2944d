import type { VectronClient } from "@vectron/core";
import { openVectron, startServer } from "@vectron/local";
import { VectronClient as NodeClient } from "@vectron/node";
import { VectronClient as WebClient } from "@vectron/web";

/** A client, and what stands behind it. */
export interface Opened {
  readonly client: VectronClient;
  close(): Promise<void>;
}

/** Opens a client of each package, against an engine of its own. */
export const packages: Readonly<Record<string, () => Promise<Opened>>> = {
  "@vectron/local": async () => {
    const client = await openVectron();
    return { client, close: () => client.close() };
  },
  "@vectron/node": async () => {
    const server = await startServer({ apiKey: "secret" });
    const client = new NodeClient({ host: server.grpcAddress, apiKey: "secret" });
    return { client, close: () => closeBoth(client, server) };
  },
  "@vectron/web": async () => {
    const server = await startServer({ apiKey: "secret", httpPort: 0 });
    const client = new WebClient({ baseUrl: server.httpUrl as string, apiKey: "secret" });
    return { client, close: () => closeBoth(client, server) };
  },
};

async function closeBoth(client: VectronClient, server: { close(): Promise<void> }): Promise<void> {
  await client.close();
  await server.close();
}
