import { join } from "node:path";
import { UsageError } from "../cli/usage-error.ts";
import { configDir } from "../credentials/config-dir.ts";
import { othersCanRead, readJsonFile } from "../credentials/private-file.ts";

/** One entry of the profile file. */
export interface Profile {
  readonly host?: string;
  readonly path?: string;
  readonly apiKey?: string;
  readonly tls?: boolean;
  readonly tlsCa?: string;
  readonly tlsServerName?: string;
  readonly protocol?: string;
  readonly authHost?: string;
  readonly authTls?: boolean;
}

const TYPES: Readonly<Record<keyof Profile, "string" | "boolean">> = {
  host: "string",
  path: "string",
  apiKey: "string",
  tls: "boolean",
  tlsCa: "string",
  tlsServerName: "string",
  protocol: "string",
  authHost: "string",
  authTls: "boolean",
};

const DEFAULT_PROFILE = "default";

export interface ChosenProfile {
  readonly name: string;
  /** Undefined when the file has none of that name. */
  readonly profile: Profile | undefined;
}

/**
 * Reads a profile from `config.json` in the config directory:
 *
 *     { "defaultProfile": "prod", "profiles": { "prod": { "host": "gateway:8081", "tls": true } } }
 *
 * @param name - default: the file's `defaultProfile`, or `default`
 * @throws UsageError when the file is wrong
 */
export function readProfile(env: NodeJS.ProcessEnv, name: string | undefined): ChosenProfile {
  const path = join(configDir(env), "config.json");
  const file = requireObject(path, "the file", readJsonFile(path) ?? {});
  const { defaultProfile, profiles, ...others } = file;
  refuseUnknown(path, "the file", others);
  if (defaultProfile !== undefined && typeof defaultProfile !== "string") {
    throw new UsageError(`${path}: defaultProfile must be a string`);
  }
  const chosen = name ?? defaultProfile ?? DEFAULT_PROFILE;
  const entry = requireObject(path, "profiles", profiles ?? {})[chosen];
  return { name: chosen, profile: entry === undefined ? undefined : toProfile(path, chosen, entry) };
}

function toProfile(path: string, name: string, value: unknown): Profile {
  const entry = requireObject(path, `profile "${name}"`, value);
  for (const [key, field] of Object.entries(entry)) {
    const type = TYPES[key as keyof Profile];
    if (type === undefined) refuseUnknown(path, `profile "${name}"`, { [key]: field });
    if (typeof field !== type) throw new UsageError(`${path}: profile "${name}": ${key} must be a ${type}`);
  }
  if (entry.apiKey !== undefined && othersCanRead(path)) {
    throw new UsageError(`${path} holds an apiKey and can be read by other users: run chmod 600 on it`);
  }
  return entry as Profile;
}

function requireObject(path: string, what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${path}: ${what} must be a JSON object`);
}

function refuseUnknown(path: string, what: string, others: object): void {
  const [key] = Object.keys(others);
  if (key !== undefined) throw new UsageError(`${path}: ${what} has no entry "${key}"`);
}
