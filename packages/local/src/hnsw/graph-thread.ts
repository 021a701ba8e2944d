import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { GraphCalls, GraphReply, GraphRequest } from "./protocol.ts";

/** Found by the package's name, so that a program that was bundled finds it too. */
const WORKER = "@vectron/local/graph-worker";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type Call<Name extends keyof GraphCalls> = {
  readonly name: Name;
  readonly parameters: Parameters<GraphCalls[Name]>;
  readonly transfer?: readonly ArrayBuffer[];
};

/**
 * The thread of an engine's graphs, started when it is first needed. It keeps the
 * process running only while somebody waits for it.
 */
export class GraphThread {
  #worker: Worker | undefined;
  #failure: Error | undefined;
  #nextGraph = 0;
  #nextCall = 0;
  readonly #waiting = new Map<number, Waiting>();
  #holders = 0;

  /** A number for a graph that is to be opened. */
  newGraph(): number {
    return this.#nextGraph++;
  }

  /** Rejects when the call fails, or the thread cannot run. Calls are answered in their order. */
  async call<Name extends keyof GraphCalls>(call: Call<Name>): Promise<ReturnType<GraphCalls[Name]>> {
    const worker = this.#running();
    const { name, parameters, transfer = [] } = call;
    const id = this.#nextCall++;
    const request: GraphRequest = { id, name, parameters };
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    worker.postMessage(request, transfer);
    return (await answer) as ReturnType<GraphCalls[Name]>;
  }

  /** Keeps the process running until `work`, which waits for the thread, has ended. */
  async holdWhile<T>(work: Promise<T>): Promise<T> {
    this.#holders += 1;
    if (this.#holders === 1) this.#worker?.ref();
    try {
      return await work;
    } finally {
      this.#holders -= 1;
      if (this.#holders === 0) this.#worker?.unref();
    }
  }

  async close(): Promise<void> {
    this.#fail(new Error("the engine has been closed"));
    // Else the process would end before its end is known.
    this.#worker?.ref();
    await this.#worker?.terminate();
  }

  #running(): Worker {
    if (this.#failure !== undefined) throw this.#failure;
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Worker {
    // The program's own flags, such as those of a loader, are not meant for it, and some fail here.
    const worker = new Worker(createRequire(import.meta.url).resolve(WORKER), { execArgv: [] });
    if (this.#holders === 0) worker.unref();
    worker.on("message", (reply: GraphReply) => this.#settle(reply));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => this.#fail(new Error("the thread of the graphs has ended")));
    return worker;
  }

  #settle(reply: GraphReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
