import type { LogFields, Logger } from "@vectron/core";
import type { Output } from "../../output/output.ts";
import { printable } from "../../output/table.ts";

/** What a server tells of itself: text for people, or a JSON object a line. */
export class ServeLog {
  readonly #out: Output;
  readonly #json: boolean;

  constructor(out: Output, json: boolean) {
    this.#out = out;
    this.#json = json;
  }

  /**
   * @param event - what happened, as JSON names it
   * @param text - the same for people
   * @param fields - facts that JSON has beside it; undefined ones are left out
   */
  event(event: string, text: string, fields: LogFields = {}): void {
    if (this.#json) this.#line("info", event, fields);
    else this.#out.print(text);
  }

  /** Where the server tells of calls: as JSON of each, for people of those that failed. */
  get logger(): Logger {
    const tell = (level: string) => (message: string, fields?: LogFields) =>
      this.#tell(level, message, fields);
    return { ...(this.#json && { debug: tell("debug") }), warn: tell("warn"), error: tell("error") };
  }

  #tell(level: string, message: string, fields: LogFields = {}): void {
    if (this.#json) {
      this.#line(level, message, fields);
      return;
    }
    const facts = Object.entries(fields).map(([name, value]) => `${name}=${printable(String(value))}`);
    this.#out.print([level, message, ...facts].join(" "));
  }

  #line(level: string, event: string, fields: LogFields): void {
    this.#out.print(JSON.stringify({ time: new Date().toISOString(), level, event, ...fields }));
  }
}
