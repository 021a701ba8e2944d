// Writes until it is killed, several writers at a time, and logs each step before it is taken and after it
// is acknowledged. Arguments: directory, durability, and the step that each writer begins with.
import { writeSync } from "node:fs";
import { openVectron } from "../../../src/open-vectron.ts";
import type { Durability } from "../../../src/storage/durability.ts";
import { collectionOf, DIMENSION, writerStep } from "../support/writer-script.ts";

const [path, durability, ...firstSteps] = process.argv.slice(2);
const client = await openVectron({ path: path!, durability: durability as Durability });

async function take(writer: number, step: number): Promise<void> {
  const collection = collectionOf(writer);
  const action = writerStep(writer, step);
  if (action.kind === "create") await client.ensureCollection({ name: collection, dimension: DIMENSION });
  if (action.kind === "drop") await client.deleteCollection(collection);
  if (action.kind === "upsert") await client.upsert(collection, action.points);
  if (action.kind === "delete") await client.delete(collection, action.id);
}

async function write(writer: number): Promise<void> {
  for (let step = Number(firstSteps[writer]); ; step += 1) {
    writeSync(1, `began ${writer} ${step}\n`);
    await take(writer, step);
    writeSync(1, `acknowledged ${writer} ${step}\n`);
  }
}

await Promise.all(firstSteps.map((_, writer) => write(writer)));
