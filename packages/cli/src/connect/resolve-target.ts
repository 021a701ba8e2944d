import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TlsOptions } from "@vectron/node";
import { UsageError } from "../cli/usage-error.ts";
import { type Credential, CredentialStore } from "../credentials/credential-store.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { type ChosenProfile, readProfile } from "./profile.ts";
import { HTTP_PROTOCOLS, type HttpProtocol, type Target } from "./target.ts";

const DEFAULT_HOST = "localhost:8081";

/**
 * Finds out what a command is to work on: flags first, then the environment, then
 * the profile file, then `localhost:8081`. A profile that is named by a flag
 * counts before the environment. A token from the profile or from
 * `vectron auth login` is sent to that profile's own address and to no other.
 */
export function resolveTarget(options: ConnectionOptions, env: NodeJS.ProcessEnv): Target {
  const named = options.profile ?? (env.VECTRON_PROFILE || undefined);
  const chosen = readProfile(env, named);
  const credential = new CredentialStore(env).read(chosen.name);
  if (named !== undefined && chosen.profile === undefined && credential === undefined) {
    throw new UsageError(
      `there is no profile "${named}"; \`vectron auth login --profile ${named}\` makes one`,
    );
  }
  const sources: Sources = { options, env, chosen, credential };
  const place = findPlace(sources);
  if (place.path !== undefined) return { kind: "directory", path: place.path, source: place.source };
  const host = place.host ?? DEFAULT_HOST;
  const apiKey = findToken(sources, host);
  if (/^https?:\/\//i.test(host)) {
    const protocol = readProtocol(options.protocol ?? chosen.profile?.protocol);
    return { kind: "http", baseUrl: host, apiKey, protocol, source: place.source };
  }
  if (options.protocol !== undefined) {
    throw new UsageError("--protocol is for http:// and https:// addresses; any other address means gRPC");
  }
  const tls = findTls(place.fromProfile ? sources : { options, env });
  return { kind: "grpc", host, apiKey, tls, source: place.source };
}

/** Where what a command is to work on may be written, the first that says it counts. */
interface Sources {
  readonly options: ConnectionOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly chosen: ChosenProfile;
  readonly credential: Credential | undefined;
}

/** The profile and its credential count only for the address that they name. */
type TlsSources = Pick<Sources, "options" | "env"> & Partial<Sources>;

interface Place {
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  readonly source: string;
  readonly fromProfile: boolean;
}

function findPlace({ options, env, chosen: { name, profile }, credential }: Sources): Place {
  const { host, path } = options;
  if (host !== undefined && path !== undefined) throw new UsageError("give --host or --path, not both");
  if (path !== undefined) return { path: resolve(path), source: "--path", fromProfile: false };
  if (host !== undefined) return { host, source: "--host", fromProfile: false };
  const fromEnv = options.profile === undefined && env.VECTRON_HOST;
  if (fromEnv) return { host: fromEnv, source: "VECTRON_HOST", fromProfile: false };
  const source = `profile "${name}"`;
  if (profile?.host !== undefined && profile.path !== undefined) {
    throw new UsageError(`${source} has both host and path`);
  }
  if (profile?.path !== undefined) return { path: resolve(profile.path), source, fromProfile: true };
  const own = profile?.host ?? credential?.host;
  if (own !== undefined) return { host: own, source, fromProfile: true };
  return { source: "default", fromProfile: false };
}

function findToken({ options, env, chosen, credential }: Sources, host: string): string | undefined {
  if (options.apiKey !== undefined) return options.apiKey;
  if (options.profile === undefined && env.VECTRON_API_KEY) return env.VECTRON_API_KEY;
  const { profile } = chosen;
  if (profile?.apiKey !== undefined && profile.host === host) return profile.apiKey;
  if (credential === undefined || (profile?.host ?? credential.host) !== host) return undefined;
  return storedToken(credential, chosen.name);
}

/**
 * The stored token that a gateway takes.
 *
 * @throws UsageError when it has ended
 */
function storedToken(credential: Credential, profile: string, nowMs = Date.now()): string {
  const { token, expiresAtMs } = credential.sdkToken ?? credential;
  if (expiresAtMs === undefined || nowMs < expiresAtMs) return token;
  const ended = new Date(expiresAtMs).toISOString();
  const again = credential.sdkToken
    ? `\`vectron auth token --key ${credential.sdkToken.apiKeyPrefix} --save\``
    : "`vectron auth login`";
  throw new UsageError(`the stored token of profile "${profile}" ended at ${ended}: run ${again} again`);
}

function readProtocol(name: string | undefined): HttpProtocol {
  if (name === undefined) return "json";
  const protocol = HTTP_PROTOCOLS.find((known) => known === name);
  if (protocol) return protocol;
  throw new UsageError(`the protocol must be one of ${HTTP_PROTOCOLS.join(", ")}, got "${name}"`);
}

function findTls({ options, env, chosen, credential }: TlsSources): false | TlsOptions {
  const profile = chosen?.profile;
  const ca = options.tlsCa ?? profile?.tlsCa;
  const serverName = options.tlsServerName ?? profile?.tlsServerName;
  const { tlsCert, tlsKey } = options;
  const implied = [ca, serverName, tlsCert, tlsKey].some((value) => value !== undefined);
  const wanted =
    options.tls ?? (implied || profile?.tls || credential?.tls || /^(1|true)$/.test(env.VECTRON_TLS ?? ""));
  if (!wanted) return false;
  return {
    rootCertificates: ca === undefined ? undefined : readPem("--tls-ca", ca),
    serverName,
    clientCertificate: tlsCert === undefined ? undefined : readPem("--tls-cert", tlsCert),
    clientKey: tlsKey === undefined ? undefined : readPem("--tls-key", tlsKey),
  };
}

/** @throws UsageError naming the option whose file cannot be read */
export function readPem(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`);
  }
}
