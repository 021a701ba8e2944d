// A durable server in a process of its own. Arguments: gRPC port, HTTP port, directory, secret of the tokens.
import { startServer } from "@vectron/local";

const [grpcPort, httpPort, path, jwtSecret] = process.argv.slice(2);
await startServer({ grpcPort: Number(grpcPort), httpPort: Number(httpPort), path, jwtSecret });
console.log("ready");
