import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { NodeServer } from "./node-server.ts";

/** What a server has open, so that it can be closed without cutting off a call. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #responses = new Set<ServerResponse>();
  #isClosing = false;

  /** Learns of the connections of a server; before it listens. */
  watch(server: NodeServer): void {
    server.on("connection", (socket: Socket) => keepWhileOpen(this.#sockets, socket));
    server.on("session", (session: ServerHttp2Session) => {
      keepWhileOpen(this.#sessions, session);
      if (this.#isClosing) session.close();
    });
  }

  /** How many are open. */
  get count(): number {
    return this.#sockets.size;
  }

  /** Whether `close` has been called. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Lets `close` wait until a request has been answered. */
  hold(request: IncomingMessage, response: ServerResponse): void {
    keepWhileOpen(this.#responses, response);
    if (this.#isClosing && request.httpVersionMajor === 1) response.setHeader("Connection", "close");
  }

  /**
   * Closes a server: it accepts no more connections, waits until every response has been sent or
   * `drainTimeoutMs` are over, and cuts the connections that are left.
   */
  async close(server: NodeServer, drainTimeoutMs: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const session of this.#sessions) session.close();
    const timer = setTimeout(() => this.#destroy(), drainTimeoutMs);
    await allClosed(this.#responses);
    await allClosed(this.#sessions);
    clearTimeout(timer);
    this.#destroy();
    await closed;
  }

  #destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function keepWhileOpen<T extends EventEmitter>(open: Set<T>, item: T): void {
  open.add(item);
  item.once("close", () => open.delete(item));
}

/** Waits for those too that are added meanwhile. */
async function allClosed(open: ReadonlySet<EventEmitter>): Promise<void> {
  for (const item of open) {
    await new Promise((resolve) => {
      item.once("close", resolve);
    });
  }
}
