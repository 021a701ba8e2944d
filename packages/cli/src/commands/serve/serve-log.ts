import type { Output } from "../../output/output.ts";

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
  event(event: string, text: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (!this.#json) this.#out.print(text);
    else this.#out.print(JSON.stringify({ time: new Date().toISOString(), level: "info", event, ...fields }));
  }
}
