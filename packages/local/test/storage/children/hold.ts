// Opens a directory, says so, and keeps it open: SIGTERM makes it close it in good order. Argument: directory.
import { openVectron } from "../../../src/open-vectron.ts";

const [path] = process.argv.slice(2);
const client = await openVectron({ path: path! }).catch((error: Error) => {
  console.log(`refused ${error.name}: ${error.message}`);
  process.exit(0);
});
setInterval(() => undefined, 1_000);
process.on("SIGTERM", async () => {
  await client.close();
  process.exit(0);
});
console.log("open");
