// Serves a directory until it is killed. Arguments: directory, port.
import { startServer } from "../../../src/server/start-server.ts";

const [path, port] = process.argv.slice(2);
const server = await startServer({ path: path!, grpcPort: Number(port) });
console.log(server.grpcAddress);
