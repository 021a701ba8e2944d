import { type Command, Option } from "commander";
import { integerOption } from "../cli/parse-option.ts";
import { HTTP_PROTOCOLS } from "./target.ts";

/** Options of every command that works on a server or a directory. */
export interface ConnectionOptions {
  readonly host?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly path?: string | undefined;
  readonly profile?: string | undefined;
  readonly protocol?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly tlsCa?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

const GROUP = "Where:";
const MAX_TIMEOUT_MS = 86_400_000;

/** Adds the options that say which server or directory a command works on. */
export function addConnectionOptions(command: Command): Command {
  const options = [
    new Option(
      "--host <address>",
      "host:port for gRPC, http(s)://… for HTTP [env: VECTRON_HOST] (default: localhost:8081)",
    ),
    new Option("--api-key <token>", "token of every call [env: VECTRON_API_KEY]"),
    new Option("--path <directory>", "work on a directory, with no server"),
    new Option("--profile <name>", "entry of the profile file [env: VECTRON_PROFILE]"),
    new Option("--protocol <name>", "how to talk to an http(s) address (default: json)").choices(
      HTTP_PROTOCOLS,
    ),
    new Option("--tls", "secure the gRPC connection [env: VECTRON_TLS=1]"),
    new Option("--tls-ca <file>", "trust the authorities in this PEM file"),
    new Option("--tls-server-name <name>", "the name in the server's certificate"),
    new Option("--tls-cert <file>", "this client's certificate (mTLS)"),
    new Option("--tls-key <file>", "the private key of --tls-cert"),
    new Option("--timeout-ms <ms>", "how long one call may take (default: 10000)").argParser(
      integerOption(1, MAX_TIMEOUT_MS),
    ),
  ];
  for (const option of options) command.addOption(option.helpGroup(GROUP));
  return command;
}
