import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** The command in a process of its own. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** Resolves with the line of standard output that the test is for, once it comes. */
  line(isWanted: (line: string) => boolean): Promise<string>;
}

/** A directory that goes with the test. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "vectron-cli-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts `vectron` with those arguments. Nothing of this machine's own settings reaches it. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    env: { PATH, VECTRON_CONFIG_DIR: join(tmpdir(), "vectron-cli-no-such-config"), ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const listen of listeners) listen();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(
    ([code, signal]) => ({ code, signal, stdout, stderr }) as CliResult,
  );
  const line = (isWanted: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = stdout.split("\n").slice(0, -1).find(isWanted);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void ended.then((result) => reject(new Error(`it ended: ${JSON.stringify(result)}`)));
    });
  return { child, ended, line };
}

/** Runs `vectron` to its end. */
export function cli(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** Runs `vectron --json` and returns what it printed. Fails unless it exits with 0. */
export async function cliJson<T = unknown>(args: readonly string[], options?: CliOptions): Promise<T> {
  const result = await cli([...args, "--json"], options);
  if (result.code !== 0) throw new Error(JSON.stringify(result));
  return JSON.parse(result.stdout) as T;
}

export interface ServedAddress {
  readonly grpcAddress: string;
  readonly httpUrl: string;
}

export interface RunningServer extends ServedAddress {
  readonly process: RunningCli;
  /** Ends it with Ctrl-C, as a user does. */
  stop(): Promise<CliResult>;
}

/** Starts `vectron serve` on free ports, unless the arguments say otherwise. */
export async function serve(args: readonly string[] = [], options?: CliOptions): Promise<RunningServer> {
  const process = startCli(
    ["serve", "--grpc-port", "0", "--http-port", "0", "--log", "json", ...args],
    options,
  );
  const announced = await process.line((line) => line.includes('"listening"'));
  const { grpcAddress, httpUrl } = JSON.parse(announced) as ServedAddress;
  const stop = () => {
    process.child.kill("SIGINT");
    return process.ended;
  };
  return { grpcAddress, httpUrl, process, stop };
}
