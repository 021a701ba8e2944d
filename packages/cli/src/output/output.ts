import type { Failure } from "./describe-failure.ts";
import { type Style, styleFor } from "./style.ts";

interface OutputOptions {
  readonly json: boolean;
  readonly color: boolean | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Results go to standard output, everything that is said about them to standard error. */
export class Output {
  /** Whether results are printed as JSON. */
  readonly json: boolean;
  /** The style of standard output. */
  readonly style: Style;
  /** The style of standard error. */
  readonly noteStyle: Style;

  constructor({ json, color, env }: OutputOptions) {
    this.json = json;
    this.style = styleFor(process.stdout, env, color);
    this.noteStyle = styleFor(process.stderr, env, color);
  }

  /** Prints a result: as JSON when that was asked for, otherwise for people. */
  result(value: unknown, forPeople: () => string): void {
    this.print(this.json ? JSON.stringify(value, null, 2) : forPeople());
  }

  /** Prints lines on standard output. */
  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Prints lines on standard error. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /**
   * Prints why a command failed.
   *
   * @param error - with `--debug`: printed with its stack and its causes
   */
  failure({ name, message, hint, details }: Failure, error?: unknown): void {
    if (this.json) {
      this.note(
        JSON.stringify({ error: { name, message, ...(hint !== undefined && { hint }), ...details } }),
      );
    } else {
      this.note(`${this.noteStyle.bad("error:")} ${message}`);
      if (hint !== undefined) this.note(`${this.noteStyle.accent("hint:")} ${hint}`);
    }
    if (error !== undefined) console.error(error);
  }
}
