// Runs both programs against a server of their own. For a cluster, give them its
// address and token instead.
import { startServer } from "@vectron/local";
import { main as errorHandling } from "./error-handling.ts";
import { main as operations } from "./operations.ts";

const server = await startServer({ apiKey: "YOUR_API_KEY" });
try {
  await operations(`localhost:${server.grpcPort}`, "YOUR_API_KEY");
  await errorHandling(`localhost:${server.grpcPort}`, "YOUR_API_KEY");
} finally {
  await server.close();
}
