import { Command } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";

/** `vectron auth`. */
export function authCommand(): Command {
  const command = new Command("auth").description("log in to a cluster's auth service; API keys and tokens");
  command.addHelpText(
    "after",
    `
A gateway takes tokens, never a raw API key (vkey-…). \`auth login\` keeps a login token (24 hours on
a stock cluster), which other commands then send to the gateway named with --host; \`auth token --key
PREFIX --save\` exchanges it for a token of 7 days in the name of a key.

Credentials are kept in credentials.json in the config directory of the platform, or in
VECTRON_CONFIG_DIR, readable by their owner alone. Passwords are never kept.`,
  );
  command.addCommand(loginCommand());
  command.addCommand(logoutCommand());
  command.addCommand(keysCommand());
  command.addCommand(tokenCommand());
  return command;
}

function withProfile(command: Command): Command {
  return command.option("--profile <name>", "whose credentials [env: VECTRON_PROFILE] (default: default)");
}

function loginCommand(): Command {
  const command = withProfile(new Command("login"))
    .description("log in and keep the token")
    .option("--auth-host <address>", "the auth service: host:port, or http(s)://… [env: VECTRON_AUTH_HOST]")
    .option("--auth-tls", "secure the gRPC connection to it with TLS")
    .option("--host <address>", "the gateway that the tokens are for: host:port, or http(s)://…")
    .option("--tls", "secure the gRPC connection to the gateway with TLS")
    .option("--email <email>", "the account (default: asks)")
    .option(
      "--password-stdin",
      "read the password from standard input [env: VECTRON_PASSWORD] (default: asks)",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ vectron auth login --auth-host auth:10008 --host gateway:8081 --email me@example.com
  $ pass show vectron | vectron auth login --auth-host https://auth.example.com --email me@example.com --password-stdin`,
    );
  return lazyAction(command, async () => ({ run: (await import("./login.ts")).login }));
}

function logoutCommand(): Command {
  const command = withProfile(new Command("logout"))
    .description("forget the kept tokens")
    .addHelpText(
      "after",
      `
Examples:
  $ vectron auth logout
  $ vectron auth logout --profile prod`,
    );
  return lazyAction(command, async () => ({ run: (await import("./login.ts")).logout }));
}

function keysCommand(): Command {
  const keys = new Command("keys").description("API keys of the account");
  keys.addCommand(
    lazyAction(
      withProfile(new Command("create"))
        .description("create a key; the whole key is shown this once")
        .argument("<name>", "for people: letters, digits, spaces, hyphens and underscores")
        .addHelpText("after", '\nExamples:\n  $ vectron auth keys create "search service"'),
      async () => ({ run: (await import("./keys.ts")).create }),
    ),
  );
  keys.addCommand(
    lazyAction(
      withProfile(new Command("list"))
        .description("print the keys, without their secret parts")
        .addHelpText("after", "\nExamples:\n  $ vectron auth keys list --json"),
      async () => ({ run: (await import("./keys.ts")).list }),
    ),
  );
  keys.addCommand(
    lazyAction(
      withProfile(new Command("delete"))
        .description("revoke a key; gateways notice within half a minute")
        .argument("<prefix>", "the first 13 characters of the key")
        .option("-y, --yes", "do not ask")
        .addHelpText("after", "\nExamples:\n  $ vectron auth keys delete vkey-1a2b3c4d --yes"),
      async () => ({ run: (await import("./keys.ts")).remove }),
    ),
  );
  return keys;
}

function tokenCommand(): Command {
  const command = withProfile(new Command("token"))
    .description("print a token for gateways")
    .option("--key <prefix>", "in the name of this API key (7 days); without it, the login token")
    .option("--save", "keep it for the commands of this profile, in the login token's place")
    .addHelpText(
      "after",
      `
Examples:
  $ vectron auth token --key vkey-1a2b3c4d --save
  $ VECTRON_API_KEY=$(vectron auth token) node program.js`,
    );
  return lazyAction(command, async () => ({ run: (await import("./token.ts")).run }));
}
