import { Command, Option } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { integerOption } from "../../cli/parse-option.ts";

/** `vectron serve`. */
export function serveCommand(): Command {
  const port = integerOption(0, 65_535);
  const command = new Command("serve")
    .description("start a server on this machine: an embedded one, or a bridge to a cluster")
    .option("--path <directory>", "keep collections in this directory (default: in memory only)")
    .option("--grpc-port <port>", "port of the gRPC side; 0 takes a free one", port, 8081)
    .option("--http-port <port>", "port of HTTP/JSON, Connect and gRPC-Web; 0 takes a free one", port, 8080)
    .option("--no-http", "no HTTP side")
    .option("--listen <address>", "address to listen on", "127.0.0.1")
    .option("--api-key <token>", "the token that every call has to bear [env: VECTRON_API_KEY]")
    .option("--allow-unauthenticated", "listen beyond this machine without a token")
    .option("--tls-cert <file>", "certificate for both sides (PEM)")
    .option("--tls-key <file>", "its private key (PEM)")
    .option("--upstream <host:port>", "be a bridge to the gateway there")
    .option("--upstream-tls", "secure the connection to the gateway with TLS")
    .option("--upstream-ca <file>", "trust the authorities in this PEM file there")
    .addOption(
      new Option("--durability <name>", "what an acknowledged write has survived").choices([
        "sync",
        "relaxed",
      ]),
    )
    .option("--strict-parity", "answer with every oddity of a stock cluster")
    .option("--rate-limit <n>", "calls per second; those beyond are refused", integerOption(1, 1_000_000))
    .option("--metrics", "GET /metrics on the HTTP side, for Prometheus")
    .addOption(
      new Option("--log <format>", "text: what failed; json: a JSON object for each call")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `
Ctrl-C lets calls in flight end (10 s at most); a second Ctrl-C ends the server at once.

Examples:
  $ vectron serve                                   in memory, on ports 8081 and 8080
  $ vectron serve --path ./data --api-key secret    kept in a directory, for callers with the token
  $ vectron serve --upstream gateway:8081           gRPC-Web, Connect and CORS in front of a cluster
  $ vectron serve --log json | jq                   one JSON object a line`,
    );
  return lazyAction(command, () => import("./run.ts"));
}
