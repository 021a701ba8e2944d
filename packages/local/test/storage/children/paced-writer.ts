// Upserts one point after another and says on its output when each is asked for and acknowledged.
// Arguments: directory, durability, how many.
import { writeSync } from "node:fs";
import { openVectron } from "../../../src/open-vectron.ts";
import type { Durability } from "../../../src/storage/durability.ts";

const [path, durability, count] = process.argv.slice(2);
const client = await openVectron({ path: path!, durability: durability as Durability });
await client.createCollection({ name: "docs", dimension: 2 });
for (let n = 0; n < Number(count); n += 1) {
  writeSync(1, `request ${n}\n`);
  await client.upsert("docs", [{ id: `p${n}`, vector: [n, 1] }]);
  writeSync(1, `acknowledged ${n}\n`);
}
await client.close();
