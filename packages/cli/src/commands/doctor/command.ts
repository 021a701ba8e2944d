import { Command } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { integerOption } from "../../cli/parse-option.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

/** `vectron doctor`. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("find out what is wrong between here and a server, and what to do about it")
    .option("--searches <n>", "how many searches the latency is measured with", integerOption(1, 10_000), 50)
    .option("--max-message-mib <n>", "the largest message that is tried, in MiB", integerOption(1, 255), 16)
    .option("--read-only", "create no scratch collection: leave out all checks that write")
    .addHelpText(
      "after",
      `
Looks at DNS, TCP, TLS (chain and expiry), HTTP/2, the token, the clock, keepalive, message limits,
a round trip of each call in a scratch collection, which is deleted again, and search latency.

Exit code 1: a check failed.

Examples:
  $ vectron doctor
  $ vectron doctor --host gateway.example.com:8081 --tls --api-key "$TOKEN"
  $ vectron doctor --host https://vectors.example.com --read-only --json`,
    );
  return lazyAction(addConnectionOptions(command), () => import("./run.ts"));
}
