import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../../src/packages/run.ts";
import type { Runtime } from "./runtimes.ts";

/** An installed command. */
export interface InstalledCommand {
  /** The project that it is installed in. */
  readonly folder: string;
  /** What is typed. */
  readonly command: string;
  /** Its program. */
  readonly file: string;
}

/** A shell in a folder of its own, in a project with a command, which is found as after a global installation. */
export class Terminal {
  readonly folder: string;
  readonly #environment: Record<string, string>;

  /** @param runtime - what the command's program runs in, or undefined for what npm has linked */
  constructor(installed: InstalledCommand, runtime: Runtime | undefined) {
    this.folder = mkdtempSync(join(installed.folder, "terminal-"));
    const programs = runtime === undefined ? join(installed.folder, "node_modules/.bin") : this.folder;
    if (runtime !== undefined) {
      const words = [runtime.command, ...runtime.args, installed.file].map((word) => `"${word}"`);
      const script = `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
      writeFileSync(join(this.folder, installed.command), script, { mode: 0o755 });
    }
    this.#environment = {
      PATH: `${programs}${delimiter}${process.env.PATH}`,
      VECTRON_CONFIG_DIR: join(this.folder, "no-config"),
    };
  }

  /** Later commands see it. */
  set(name: string, value: string): void {
    this.#environment[name] = value;
  }

  /** Runs a command line to its end, and gives what it printed; rejects if it fails. */
  type(line: string): Promise<string> {
    return run("sh", ["-c", line], { folder: this.folder, environment: this.#environment });
  }

  /** Starts what runs until Ctrl-C, and gives its first line. */
  async start(line: string): Promise<Running> {
    const child = spawn("sh", ["-c", line], {
      cwd: this.folder,
      env: { ...process.env, ...this.#environment },
      // A group of its own, which Ctrl-C reaches as a whole, as in a terminal.
      detached: true,
    });
    const ended = once(child, "close");
    let output = "";
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    const firstLine = await new Promise<string>((resolve, reject) => {
      child.stdout.on("data", (text) => {
        output += text;
        const end = output.indexOf("\n");
        if (end >= 0) resolve(output.slice(0, end));
      });
      void ended.then(([code]) => reject(new Error(`${line} ended with ${code}:\n${output}${errors}`)));
    });
    const interrupt = async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
      await ended;
      return output;
    };
    return { firstLine, interrupt };
  }
}

/** A command that runs until Ctrl-C. */
export interface Running {
  readonly firstLine: string;
  /** Presses Ctrl-C, waits for the end, and gives all that was printed. The exit code is npx's own, and tells nothing. */
  interrupt(): Promise<string>;
}
