import { setImmediate as nextTurn } from "node:timers/promises";
import { VectronClient } from "@vectron/node";
import type { BackEnd } from "../back-end.ts";
import { type DurableServer, startDurableServer } from "../durable-server.ts";
import type { Fault, StagedCell } from "../fault.ts";
import { goodToken } from "../tokens.ts";

export const serverKilled: Fault = {
  name: "server killed and restarted",
  happens:
    "The server is killed (SIGKILL) when it has the request and has not looked at it, and is started again.",
  impossibleFor: ({ service }) =>
    service === "auth" ? "the auth service is a fixture, whose accounts do not outlive it" : undefined,
  stage: () => {
    throw new Error("a fault with servers of its own stages itself");
  },
  ownBackEnd: startOutage,
  promises: [
    { repetition: ["harmless", "after a look"], ends: "ok", attempts: ["UNAVAILABLE perhaps sent", "OK"] },
    {
      repetition: ["never"],
      ends: "UnavailableError",
      attempts: ["UNAVAILABLE perhaps sent"],
      cause: "ECONNRESET",
    },
  ],
};

const SECRET = "a-secret-of-the-matrix-which-is-long-enough";

/** Servers whose cells all meet in one outage. */
async function startOutage(cells: number): Promise<BackEnd & Pick<Fault, "stage">> {
  const server = await startDurableServer(SECRET);
  const outage = new Outage(server, cells);
  const vectron = new VectronClient({ host: `127.0.0.1:${server.ports.grpc}`, apiKey: goodToken(SECRET) });
  const direct: BackEnd["direct"] = {
    vectron,
    get auth(): never {
      throw new Error("there is no auth service");
    },
    close: () => vectron.close(),
  };
  return {
    ports: { gateway: server.ports, auth: server.ports },
    jwtSecret: SECRET,
    direct,
    stage: (cell) => outage.stage(cell),
    async close() {
      await direct.close();
      await server.close();
    },
  };
}

/** Enough for a request on an open connection to leave this process. */
const TURNS_TO_SEND = 10;

/** Kills the server when every cell's first attempt is under way, and restarts it when each has failed. */
class Outage {
  readonly #server: DurableServer;
  readonly #connected: Countdown;
  readonly #sent: Countdown;
  readonly #failed: Countdown;
  readonly #over: Promise<void>;

  constructor(server: DurableServer, cells: number) {
    this.#server = server;
    this.#connected = new Countdown(cells);
    this.#sent = new Countdown(cells);
    this.#failed = new Countdown(cells);
    this.#over = this.#run();
  }

  async stage({ port, token }: StagedCell): ReturnType<Fault["stage"]> {
    let asked = 0;
    return {
      address: `127.0.0.1:${port}`,
      options: {
        // Each attempt asks for its token, and only those after the first wait for the server.
        auth: async () => {
          asked += 1;
          if (asked > WARM_UP_AND_FIRST) await this.#over;
          return { token, expiresAtMs: 0 };
        },
        observers: [
          {
            attemptStarted: () => asked === WARM_UP_AND_FIRST && this.#sent.down(),
            attemptEnded: () => asked === WARM_UP_AND_FIRST && this.#failed.down(),
          },
        ],
      },
      ready: async ({ vectron }) => {
        await vectron.listCollections();
        this.#connected.down();
        await this.#connected.zero;
        this.#server.suspend();
      },
      close: async () => {},
    };
  }

  async #run(): Promise<void> {
    await this.#sent.zero;
    for (let turn = 0; turn < TURNS_TO_SEND; turn += 1) await nextTurn();
    await this.#server.kill();
    await this.#failed.zero;
    await this.#server.restart();
  }
}

const WARM_UP_AND_FIRST = 2;

/** A number of events to wait for. */
class Countdown {
  readonly zero: Promise<void>;
  #left: number;
  #reached: () => void = () => {};

  constructor(count: number) {
    this.#left = count;
    this.zero = new Promise((resolve) => {
      this.#reached = resolve;
    });
  }

  down(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#reached();
  }
}
