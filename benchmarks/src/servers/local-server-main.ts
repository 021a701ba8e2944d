import { startServer } from "@vectron/local";
import { VectronClient } from "@vectron/node";
import { API_KEY, COLLECTION } from "../clients/bench-client.ts";
import { makePoints } from "../data/points.ts";
import { answerParent } from "../harness/child.ts";
import type { LocalServerSetup } from "./local-server.ts";

// Runs in the process of the server: the only message is its setup, the answer its address.

answerParent(async ({ dimension, points }: LocalServerSetup) => {
  const server = await startServer({ apiKey: API_KEY });
  const client = new VectronClient({ host: server.grpcAddress, apiKey: API_KEY });
  await client.createCollection({ name: COLLECTION, dimension, distance: "euclidean" });
  await client.bulkUpsert(COLLECTION, makePoints(points, dimension));
  await client.close();
  return server.grpcAddress;
});
