import { existsSync } from "node:fs";
import type { ClientOptions, VectronClient } from "@vectron/core";
import type { EmbeddedClient } from "@vectron/local";
import type { Context } from "../cli/context.ts";
import { UsageError } from "../cli/usage-error.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { resolveTarget } from "./resolve-target.ts";
import type { DirectoryTarget, Target } from "./target.ts";

/** A client, and what it is a client of. */
export interface Connection {
  readonly client: VectronClient;
  readonly target: Target;
  /** The same client, when it is of a directory: what an engine can do and no server offers. */
  readonly embedded: EmbeddedClient | undefined;
}

/** Opens a client for a target. Packages are loaded when they are needed. */
export async function openClient(target: Target, options: ClientOptions = {}): Promise<Connection> {
  if (target.kind === "directory") {
    const embedded = await openDirectory(target, options);
    return { client: embedded, target, embedded };
  }
  const { apiKey } = target;
  if (target.kind === "http") {
    const { VectronClient } = await import("@vectron/web");
    const { baseUrl, protocol } = target;
    return {
      client: new VectronClient({ ...options, baseUrl, protocol, apiKey }),
      target,
      embedded: undefined,
    };
  }
  const { VectronClient } = await import("@vectron/node");
  const { host, tls } = target;
  const client = new VectronClient({ ...options, host, tls, apiKey, userAgent: "vectron-cli" });
  return { client, target, embedded: undefined };
}

async function openDirectory({ path }: DirectoryTarget, options: ClientOptions): Promise<EmbeddedClient> {
  const { openVectron } = await import("@vectron/local");
  return openVectron({ ...options, path });
}

/** Where a command works, and whether it makes a directory that is not there. */
type ClientChoice = ConnectionOptions & { readonly makesDirectory?: boolean | undefined };

/**
 * Opens the client that the options ask for, hands it to `use`, and closes it.
 *
 * @throws UsageError when there is no such directory, and the command makes none
 */
export async function withClient<T>(
  { env }: Context,
  options: ClientChoice,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const target = resolveTarget(options, env);
  if (target.kind === "directory" && !options.makesDirectory && !existsSync(target.path)) {
    throw new UsageError(
      `there is no directory ${target.path}: \`vectron collections create\` and \`vectron import --create\` make one`,
    );
  }
  const connection = await openClient(target, { timeoutMs: options.timeoutMs });
  try {
    return await use(connection);
  } finally {
    await connection.client.close();
  }
}
