import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAuthService } from "@vectron/fixtures";
import { startServer } from "@vectron/local";
import { AuthClient } from "@vectron/node";

/** What snippets talk to: real servers in place of those that their addresses name. */
export interface World {
  /** The code with the addresses of the servers that are there. */
  place(code: string): string;
  /** The environment that it runs in. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const ACCOUNT = { email: "search-service@example.com", password: "Corr3ct-horse" };

/** Starts a server, a folder for files, and where the code logs in, an auth service with a gateway that trusts it. */
export async function openWorld(code: string): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "vectron-snippet-"));
  const server = await startServer({ apiKey: "YOUR_TOKEN", httpPort: 0 });
  const logsIn = code.includes("auth.example.com") ? await openAuth() : undefined;
  const places: [string, string][] = [
    ["localhost:8081", server.grpcAddress],
    ['"gateway:8081"', `"${server.grpcAddress}"`],
    ["http://localhost:8080", server.httpUrl!],
    ["https://vectors.example.com", server.httpUrl!],
    ...(logsIn?.places ?? []),
    // The ports that servers of the snippet's own ask for are free ones here.
    ["Port: 8081", "Port: 0"],
    ["Port: 8080", "Port: 0"],
    ['"./', `"${folder}/`],
  ];
  return {
    place: (text) => places.reduce((placed, [from, to]) => placed.replaceAll(from, to), text),
    env: { VECTRON_PASSWORD: ACCOUNT.password, VECTRON_TOKEN: "YOUR_TOKEN" },
    async close() {
      await Promise.all([server.close(), logsIn?.close(), rm(folder, { recursive: true })]);
    },
  };
}

async function openAuth() {
  const service = await startAuthService();
  const gateway = await startServer({ jwtSecret: service.jwtSecret });
  const accounts = new AuthClient({ host: service.grpcAddress });
  await accounts.register(ACCOUNT);
  const { token } = await accounts.login(ACCOUNT);
  const { keyPrefix } = await accounts.createApiKey("search service", { token });
  await accounts.close();
  const places: [string, string][] = [
    ["auth.example.com:10008", service.grpcAddress],
    ["gateway.example.com:8081", gateway.grpcAddress],
    ["vkey-1a2b3c4d", keyPrefix],
    ["tls: true", "tls: false"],
  ];
  return { places, close: () => Promise.all([service.close(), gateway.close()]) };
}
