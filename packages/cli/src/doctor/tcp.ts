import { connect } from "node:net";
import { duration } from "../output/numbers.ts";
import { type Check, failed, ok, warning } from "./finding.ts";
import type { RemotePatient } from "./patient.ts";
import { within } from "./within.ts";

interface Attempt {
  readonly address: string;
  readonly elapsedMs: number;
  readonly error?: NodeJS.ErrnoException;
}

/** Something accepts connections at every address. */
export const tcpCheck: Check<RemotePatient> = {
  name: "TCP",
  needs: ["DNS"],
  async run({ addresses, endpoint }) {
    const attempts = await Promise.all(addresses.map((address) => tryConnect(address, endpoint.port)));
    const dead = attempts.filter(({ error }) => error !== undefined);
    const alive = attempts.filter(({ error }) => error === undefined);
    const data = { attempts: attempts.map(({ error, ...rest }) => ({ ...rest, error: error?.message })) };
    const told = alive.map(({ address, elapsedMs }) => `${address} in ${duration(elapsedMs)}`).join(", ");
    const failures = dead.map(({ error }) => error?.message).join("; ");
    if (alive.length === 0) return failed(failures, adviceFor(dead[0]?.error?.code, endpoint.port), data);
    if (dead.length === 0) return ok(`connected to port ${endpoint.port} of ${told}`, data);
    const advice = isLocal(addresses)
      ? "nothing to do, unless the server is to listen there too"
      : "calls that choose those addresses first are slow: repair the DNS entry or the servers there";
    const verdict = isLocal(addresses)
      ? ok(`connected to port ${endpoint.port} of ${told}; not of others: ${failures}`, data)
      : undefined;
    return verdict ?? warning(`connected to ${told}, but: ${failures}`, advice, data);
  },
};

async function tryConnect(address: string, port: number): Promise<Attempt> {
  const startMs = performance.now();
  const socket = connect({ host: address, port });
  try {
    await within<void>(`connecting to ${address} port ${port}`, (resolve, reject) => {
      socket.once("connect", () => resolve());
      socket.once("error", reject);
    });
    return { address, elapsedMs: performance.now() - startMs };
  } catch (error) {
    return { address, elapsedMs: performance.now() - startMs, error: error as NodeJS.ErrnoException };
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}

/** `localhost` is two addresses, and servers commonly listen on one of them. */
function isLocal(addresses: readonly string[]): boolean {
  return addresses.every((address) => address === "::1" || address.startsWith("127."));
}

function adviceFor(code: string | undefined, port: number): string {
  if (code === "ECONNREFUSED") {
    return `nothing listens on port ${port}: start the server (\`vectron serve\`), or check the port (gateways have 8081 for gRPC and 8080 for HTTP)`;
  }
  if (code === "ETIMEDOUT")
    return "nothing answers: a firewall or security group drops the packets, or the address is wrong";
  if (code === "ENETUNREACH" || code === "EHOSTUNREACH")
    return "there is no route: check the network, the VPN and the address";
  return "check the address and the network";
}
