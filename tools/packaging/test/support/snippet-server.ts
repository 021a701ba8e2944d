import { startServer, type VectronServer } from "@vectron/local";
import { VectronClient } from "@vectron/node";

/** A server for one run of a snippet, over every protocol. */
export async function withServer<T>(
  program: string,
  work: (server: { grpcAddress: string; httpUrl: string }) => Promise<T>,
): Promise<T> {
  const server = await startServer({ httpPort: 0 });
  try {
    if (!program.includes("createCollection")) await fill(server);
    return await work({ grpcAddress: server.grpcAddress, httpUrl: server.httpUrl ?? "" });
  } finally {
    await server.close();
  }
}

/** The collection that a snippet searches without having made it. */
async function fill({ grpcAddress }: VectronServer): Promise<void> {
  const client = new VectronClient({ host: grpcAddress });
  try {
    await client.createCollection({ name: "docs", dimension: 3, distance: "cosine" });
    await client.upsert("docs", [{ id: "a", vector: [0.1, 0.2, 0.3] }]);
  } finally {
    await client.close();
  }
}
