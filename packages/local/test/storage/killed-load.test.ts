import { rmSync } from "node:fs";
import { type BulkCheckpoint, BulkUpsertError } from "@vectron/core";
import { restartPort, type ServerProcess, startServerProcess } from "@vectron/fixtures";
import { VectronClient } from "@vectron/node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Point } from "../../src/engine/point.ts";
import { openEngine } from "../../src/storage/open-engine.ts";
import { compileChild } from "./support/child.ts";
import { temporaryDirectory } from "./support/directories.ts";

const HEAVY = process.env.VECTRON_HEAVY === "1";
const POINTS = HEAVY ? 1_000_000 : 6_000;
const DIMENSION = 128;
const KILL_AFTER = [POINTS / 3, (POINTS * 2) / 3];
const TIME_LIMIT_MS = HEAVY ? 1_200_000 : 60_000;

let program: string;
beforeAll(async () => {
  program = await compileChild("serve");
});
afterAll(() => rmSync(program, { force: true }));

let server: ServerProcess | undefined;
let client: VectronClient | undefined;
afterEach(async () => {
  await client?.close();
  await server?.kill();
});

/** The point at one place of the source, the same each time: every component tells the place. */
function pointAt(index: number) {
  const vector = new Float32Array(DIMENSION);
  for (let at = 0; at < DIMENSION; at++) vector[at] = Math.fround(((index * 31 + at) % 10_007) / 10_007);
  return { id: `p${index}`, vector, payload: { place: String(index) } };
}

async function* source() {
  for (let index = 0; index < POINTS; index++) yield pointAt(index);
}

/** Reads the directory as it is on the disk. Nobody serves it any more. */
async function readPoints(path: string, onPoint: (point: Point) => void): Promise<void> {
  const engine = await openEngine({ path });
  try {
    for (const point of engine.collection("docs")!.points()) onPoint(point);
  } finally {
    await engine.close();
  }
}

it(
  `a load of ${POINTS} records whose server is killed twice goes on from its checkpoint, and every record is there as sent`,
  async () => {
    const path = temporaryDirectory();
    const port = await restartPort();
    server = await startServerProcess([program, path, String(port)]);
    client = new VectronClient({ host: `127.0.0.1:${port}` });
    await client.createCollection({ name: "docs", dimension: DIMENSION });

    const kills = [...KILL_AFTER];
    const stops: BulkCheckpoint[] = [];
    let killed: Promise<void> | undefined;
    let settled = 0;
    for (let done = false; !done; ) {
      try {
        await client.bulkUpsert("docs", source(), {
          resumeFrom: stops.at(-1),
          // An outage stops the load at once, so that it is the checkpoint which makes it whole.
          retry: { maxAttempts: 1 },
          onProgress({ checkpoint }) {
            settled = checkpoint.records;
            if (kills[0] === undefined || settled < kills[0]) return;
            kills.shift();
            killed = server!.kill();
          },
        });
        done = true;
      } catch (error) {
        if (!(error instanceof BulkUpsertError)) throw error;
        expect(error.code).toBe("UNAVAILABLE");
        expect(error.checkpoint.records).toBeGreaterThanOrEqual(settled);
        stops.push(error.checkpoint);
        await killed;
        await server.restart();
        await client.waitUntilReady("docs");
      }
    }

    expect(stops).toHaveLength(2);
    expect(settled).toBe(POINTS);
    await server.kill();
    const missing = new Set(Array.from({ length: POINTS }, (_, index) => index));
    await readPoints(path, ({ id, vector, payload }) => {
      const index = Number(id.slice(1));
      const sent = pointAt(index);
      const same = sent.id === id && isSame(sent.vector, vector) && payload.place === sent.payload.place;
      if (!same) throw new Error(`point ${id} is not as it was sent`);
      missing.delete(index);
    });
    expect(missing).toEqual(new Set());
  },
  TIME_LIMIT_MS,
);

/** A million comparisons by `expect` would take minutes. */
function isSame(sent: Float32Array, stored: Float32Array): boolean {
  return sent.length === stored.length && sent.every((component, at) => component === stored[at]);
}
