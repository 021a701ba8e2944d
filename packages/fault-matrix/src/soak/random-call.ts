import assert from "node:assert/strict";
import type { VectronClient } from "@vectron/core";
import type { Ledger } from "./ledger.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** What one call of a run is made with. */
export interface CallContext {
  readonly client: VectronClient;
  readonly ledger: Ledger;
  readonly random: SeededRandom;
  /** No other call of the run has it. */
  readonly number: number;
}

const WEIGHTS = {
  upsert: 40,
  get: 15,
  search: 15,
  searchStream: 5,
  delete: 8,
  create: 8,
  list: 5,
  status: 4,
};

/** Makes a call, and notes what it was told. */
export async function randomCall(context: CallContext): Promise<void> {
  const { ledger, random } = context;
  const known = ledger.points;
  const id = known[Math.floor(random.next() * known.length)];
  const kind = random.pick(WEIGHTS);
  const needsPoint = kind === "get" || kind === "delete";
  await CALLS[needsPoint && id === undefined ? "upsert" : kind](context, id ?? "");
}

const VECTOR = [1, 2];

const CALLS: Readonly<Record<keyof typeof WEIGHTS, (context: CallContext, id: string) => Promise<void>>> = {
  upsert({ client, ledger, number }) {
    const id = `point-${number}`;
    const work = client.upsert(ledger.collection, [{ id, vector: VECTOR, payload: { id } }]);
    return ledger.note(work, { kind: "point", name: id, done: "there" });
  },
  get: ({ client, ledger }, id) => ledger.note(readUnlessDeleted(client, ledger, id)),
  search: ({ client, ledger }) => ledger.note(client.search(ledger.collection, { vector: VECTOR, topK: 3 })),
  searchStream: ({ client, ledger }) =>
    ledger.note(drain(client.searchStream(ledger.collection, { vector: VECTOR }))),
  delete: ({ client, ledger }, id) =>
    ledger.note(client.delete(ledger.collection, id), { kind: "point", name: id, done: "gone" }),
  create({ client, ledger, number }) {
    const name = `collection-${number}`;
    // Nobody else takes the name: where it is said to be taken, the call was done twice.
    const work = client.createCollection({ name, dimension: 2 }, { waitUntilReady: false });
    return ledger.note(work, { kind: "collection", name, done: "there" });
  },
  list: ({ client, ledger }) => ledger.note(client.listCollections()),
  status: ({ client, ledger }) => ledger.note(client.getCollectionStatus(ledger.collection)),
};

/** Reads a point, which must be there unless a delete has begun meanwhile. */
async function readUnlessDeleted(client: VectronClient, ledger: Ledger, id: string): Promise<void> {
  const [point] = await client.getMany(ledger.collection, [id]);
  assert.ok(point !== undefined || !ledger.points.includes(id), `${id} was acknowledged and is missing`);
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
