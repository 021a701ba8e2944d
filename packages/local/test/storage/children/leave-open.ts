// Writes, does not close, and has nothing else to do. Argument: directory.
import { openVectron } from "../../../src/open-vectron.ts";

const client = await openVectron({ path: process.argv[2]! });
await client.createCollection({ name: "docs", dimension: 2 });
await client.upsert("docs", [{ id: "a", vector: [1, 2] }]);
console.log("acknowledged");
