import { restartPort } from "@vectron/fixtures";
import { VectronClient, VectronError } from "@vectron/node";
import { VectronClient as WebClient } from "@vectron/web";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileChild } from "../storage/support/child.ts";
import { temporaryDirectory } from "../storage/support/directories.ts";
import { Draw } from "./support/draw.ts";
import { ServerChild } from "./support/server-child.ts";

const HEAVY = process.env.VECTRON_HEAVY !== undefined;
const OPERATIONS = HEAVY ? 24_000 : 1_600;
const RESTARTS = HEAVY ? 40 : 4;
const CLIENTS = 64;
const SEED = Number(process.env.VECTRON_SEED ?? Math.floor(Math.random() * 2 ** 31));
const DIMENSION = 4;

type Client = VectronClient | WebClient;

/** What a write leaves of a point: which write it was, or nothing. */
type Version = number | undefined;

/** A point that one client alone writes, so that what it has to be is known. */
class Cell {
  /** What it may be: the last write that was acknowledged, and those since of which nobody knows. */
  #possible: Version[] = [undefined];
  readonly collection: string;
  readonly id: string;

  constructor(collection: string, id: string) {
    this.collection = collection;
    this.id = id;
  }

  /** A write is on its way. It may be done, now or later, whatever is heard of it. */
  began(version: Version): void {
    this.#possible.push(version);
  }

  acknowledged(version: Version): void {
    this.#possible = [version];
  }

  /** Something was seen: undefined when it may be, else what is wrong with it. */
  check(version: Version): string | undefined {
    if (this.#possible.includes(version)) return undefined;
    return `${this.collection}/${this.id} is ${version ?? "gone"}, and may be ${this.#possible.map((v) => v ?? "gone")}`;
  }
}

let program: string;
let server: ServerChild | undefined;

beforeAll(async () => {
  program = await compileChild("serve", "hostile");
});

afterAll(async () => {
  await server?.stop("SIGKILL");
});

const vectorOf = (version: number) => Float32Array.of(version, version % 7, version % 11, 1);

/** One client with cells of its own, which takes mixed operations on them one after another. */
class Worker {
  readonly cells: readonly Cell[];
  readonly wrong: string[] = [];
  done = 0;
  failed = 0;
  #version = 0;
  readonly #client: Client;
  readonly #draw: Draw;

  constructor(client: Client, draw: Draw, number: number) {
    this.#client = client;
    this.#draw = draw;
    const id = (n: number) => `client ${number} point ${n}`;
    this.cells = Array.from({ length: 12 }, (_, n) => new Cell(`docs ${(number + n) % 4}`, id(n)));
  }

  /** Takes one operation; false when it failed because the server was gone. */
  async take(): Promise<boolean> {
    try {
      await this.#operate(this.#draw.pick(this.cells), this.#draw.integer(0, 99));
      this.done++;
      return true;
    } catch (error) {
      // Restarts are to be seen as what they are, and nothing else.
      if (!VectronError.isInstance(error) || !["UNAVAILABLE", "CANCELLED"].includes(error.code)) throw error;
      this.failed++;
      return false;
    }
  }

  async read(cell: Cell, client = this.#client): Promise<void> {
    const [point] = await client.getMany(cell.collection, [cell.id]);
    const version = point && Number(point.payload?.version);
    this.#note(cell.check(version));
    if (point === undefined) return;
    if (!point.vector.every((value, index) => value === vectorOf(version!)[index])) {
      this.#note(`${cell.id} has the vector of another version than ${version}`);
    }
  }

  async #operate(cell: Cell, choice: number): Promise<void> {
    if (choice < 40) return this.#write([cell]);
    if (choice < 50)
      return this.#write(this.cells.filter(({ collection }) => collection === cell.collection));
    if (choice < 65) return this.#delete(cell);
    if (choice < 85) return this.read(cell);
    return this.#search(cell);
  }

  async #write(cells: readonly Cell[]): Promise<void> {
    const version = ++this.#version;
    for (const cell of cells) cell.began(version);
    const points = cells.map(({ id }) => ({
      id,
      vector: vectorOf(version),
      payload: { version: String(version) },
    }));
    await this.#client.upsert(cells[0]!.collection, points);
    for (const cell of cells) cell.acknowledged(version);
  }

  async #delete(cell: Cell): Promise<void> {
    cell.began(undefined);
    await this.#client.delete(cell.collection, cell.id);
    cell.acknowledged(undefined);
  }

  /** Every point of this client that is found has to be one that may be there. */
  async #search(cell: Cell): Promise<void> {
    const query = { vector: vectorOf(this.#version), topK: 50 };
    const found = await this.#client.search(cell.collection, query);
    for (const { id, payload } of found) {
      const own = this.cells.find((other) => other.id === id && other.collection === cell.collection);
      this.#note(own?.check(Number(payload?.version)));
    }
  }

  #note(problem: string | undefined): void {
    if (problem !== undefined) this.wrong.push(problem);
  }
}

it(
  `${OPERATIONS} operations of ${CLIENTS} clients outlive ${RESTARTS} restarts of the server`,
  async () => {
    const [grpcPort, httpPort] = [await restartPort(), await restartPort()];
    const options = { path: temporaryDirectory(), grpcPort, httpPort, drainTimeoutMs: 2_000 };
    const started = () => ServerChild.start(program, options);
    server = await started();
    const clients = Array.from({ length: CLIENTS }, (_, number): Client => {
      // A write that is repeated after its answer was lost is the same write: the retries of a client are part of the test.
      if (number % 4 === 0)
        return new WebClient({ baseUrl: `http://127.0.0.1:${httpPort}`, timeoutMs: 30_000 });
      return new VectronClient({ host: `127.0.0.1:${grpcPort}`, timeoutMs: 30_000 });
    });
    for (const n of [0, 1, 2, 3])
      await clients[0]!.createCollection({ name: `docs ${n}`, dimension: DIMENSION });
    const workers = clients.map((client, number) => new Worker(client, new Draw(SEED + number), number));
    const total = () => workers.reduce((sum, { done }) => sum + done, 0);

    const startMs = performance.now();
    const draw = new Draw(SEED);
    let kills = 0;
    let restarts = 0;
    let nextRestart = 0;
    let isRestarting: Promise<void> = Promise.resolve();
    const restart = async () => {
      const signal = draw.pick(["SIGKILL", "SIGTERM"] as const);
      if (signal === "SIGKILL") kills++;
      await server!.stop(signal);
      server = await started();
    };
    /** A restart comes after so many operations more, at a moment that nobody chose. */
    const maybeRestart = () => {
      if (restarts >= RESTARTS || total() < nextRestart) return;
      restarts++;
      nextRestart = total() + (OPERATIONS / RESTARTS) * (draw.integer(50, 110) / 100);
      isRestarting = isRestarting.then(restart);
    };
    nextRestart = OPERATIONS / RESTARTS / 2;
    await Promise.all(
      workers.map(async (worker) => {
        while (total() < OPERATIONS) {
          if (await worker.take()) maybeRestart();
          else await isRestarting;
        }
      }),
    );
    await isRestarting;
    await server.stop("SIGKILL");
    server = await started();
    // One that has not yet waited for a server that is gone.
    const reader = new VectronClient({ host: `127.0.0.1:${grpcPort}` });
    for (const worker of workers) await Promise.all(worker.cells.map((cell) => worker.read(cell, reader)));
    await reader.close();

    const failed = workers.reduce((sum, worker) => sum + worker.failed, 0);
    const seconds = (performance.now() - startMs) / 1_000;
    const report = { seed: SEED, operations: total(), failed, restarts, kills, seconds };
    console.log(`restarts: ${JSON.stringify(report)}`);
    expect(
      workers.flatMap(({ wrong }) => wrong),
      `seed ${SEED}`,
    ).toEqual([]);
    expect(restarts, `seed ${SEED}`).toBeGreaterThan(RESTARTS / 2);
    await Promise.all(clients.map((client) => client.close()));
    expect(await server.stop("SIGTERM")).toBe(0);
  },
  120_000 + OPERATIONS * 20,
);
