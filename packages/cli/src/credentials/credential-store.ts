import { rmSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../cli/usage-error.ts";
import { configDir } from "./config-dir.ts";
import { othersCanRead, readJsonFile, writePrivateJson } from "./private-file.ts";

/** What `vectron auth login` keeps of one profile. Never a password. */
export interface Credential {
  /** The auth service: an address of its gRPC side, or an http(s) URL. */
  readonly authHost: string;
  /** Whether the connection to it is secured with TLS; a URL says so itself. */
  readonly authTls?: boolean;
  readonly email: string;
  /** The login token; the auth service takes it, and so does a gateway. */
  readonly token: string;
  /** When it ends, in milliseconds since 1970. */
  readonly expiresAtMs?: number;
  /** The gateway that the tokens are sent to, and no other. */
  readonly host?: string;
  /** Whether the connection to the gateway is secured with TLS. */
  readonly tls?: boolean;
  /** A token in the name of an API key, which goes to the gateway in the login token's place. */
  readonly sdkToken?: {
    readonly token: string;
    readonly expiresAtMs?: number;
    readonly apiKeyPrefix: string;
  };
}

/** The credentials of every profile, in one file that its owner alone can read. */
export class CredentialStore {
  readonly path: string;

  constructor(env: NodeJS.ProcessEnv) {
    this.path = join(configDir(env), "credentials.json");
  }

  /** @throws UsageError when other users can read the file, as ssh does with its keys */
  read(profile: string): Credential | undefined {
    return this.#all()[profile];
  }

  write(profile: string, credential: Credential): void {
    writePrivateJson(this.path, { ...this.#all(), [profile]: credential });
  }

  /** @returns whether there was one */
  remove(profile: string): boolean {
    const { [profile]: removed, ...others } = this.#all();
    if (removed === undefined) return false;
    if (Object.keys(others).length === 0) rmSync(this.path);
    else writePrivateJson(this.path, others);
    return true;
  }

  #all(): Readonly<Record<string, Credential>> {
    const value = readJsonFile(this.path);
    if (value === undefined) return {};
    if (othersCanRead(this.path)) {
      throw new UsageError(`${this.path} can be read by other users: run chmod 600 on it`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UsageError(`${this.path} must hold a JSON object`);
    }
    return value as Record<string, Credential>;
  }
}
