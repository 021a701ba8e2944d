import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** Stands before a real server, and answers some requests itself. */
export interface Gateway {
  /** `127.0.0.1:port`. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Lets a server listen on a free port.
 *
 * @param cut - ends the connections that it has, when it closes
 */
export async function openGateway(server: Server, cut: () => void): Promise<Gateway> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}
