import { startFaultProxy } from "@vectron/fixtures";
import { VectronClient } from "@vectron/node";
import { allTransports, type Clients, openClients } from "../clients.ts";
import { type DurableServer, startDurableServer } from "../durable-server.ts";
import { goodToken } from "../tokens.ts";
import { Ledger } from "./ledger.ts";
import { randomCall } from "./random-call.ts";
import { randomFaults } from "./random-faults.ts";
import { SeededRandom } from "./seeded-random.ts";

/** Options of `soak`. */
export interface SoakOptions {
  readonly seed: number;
  readonly calls: number;
  /** How often the server is killed and restarted. */
  readonly kills: number;
}

const SECRET = "a-secret-of-the-soak-test-which-is-long-enough";
const CONCURRENCY = 24;
/** How likely it is, before a call, that every connection is cut. */
const CUT_SHARE = 0.01;

/**
 * Makes random calls over every transport, while connections fail at random and
 * the server is killed and restarted; then compares what the calls were told with
 * what the server has.
 */
export async function soak({ seed, calls, kills }: SoakOptions): Promise<Ledger> {
  const random = new SeededRandom(seed);
  const server = await startDurableServer(SECRET);
  const grpc = await startFaultProxy({ port: server.ports.grpc, faultOf: randomFaults(random, "http2") });
  const http = await startFaultProxy({ port: server.ports.http, faultOf: randomFaults(random, "http1") });
  const apiKey = goodToken(SECRET);
  const direct = new VectronClient({ host: `127.0.0.1:${server.ports.grpc}`, apiKey });
  const clients = allTransports.map((transport) =>
    openClients(transport, transport === "grpc" ? grpc : http, {
      apiKey,
      timeoutMs: 2_000,
      retry: { initialDelayMs: 5, maxDelayMs: 50 },
    }),
  );
  const ledger = new Ledger("points");
  const life = new ServerLife(server, Math.floor(calls / (kills + 1)));
  try {
    await direct.createCollection({ name: ledger.collection, dimension: 2 });
    let begun = 0;
    const worker = async (own: Clients) => {
      while (begun < calls) {
        begun += 1;
        const number = begun;
        await life.before(number);
        if (random.next() < CUT_SHARE) for (const proxy of [grpc, http]) proxy.cut();
        await randomCall({ client: own.vectron, ledger, random, number });
      }
    };
    await Promise.all(
      Array.from({ length: CONCURRENCY }, (_, index) => worker(clients[index % clients.length]!)),
    );
    await life.alive;
    await ledger.check(direct);
    return ledger;
  } finally {
    await Promise.all([...clients, direct].map((client) => client.close()));
    await Promise.all([grpc.close(), http.close(), server.close()]);
  }
}

/** Kills the server each so many calls, while others are under way, and lets new ones wait until it is back. */
class ServerLife {
  readonly #server: DurableServer;
  readonly #callsEach: number;
  /** Resolves when the server is up. */
  alive: Promise<void> = Promise.resolve();

  constructor(server: DurableServer, callsEach: number) {
    this.#server = server;
    this.#callsEach = callsEach;
  }

  async before(call: number): Promise<void> {
    if (call % this.#callsEach === 0) this.alive = this.#revive();
    await this.alive;
  }

  async #revive(): Promise<void> {
    await this.alive;
    await this.#server.kill();
    await this.#server.restart();
  }
}
