import { describe, expect, it } from "vitest";
import { type ClientOptions, splitClientOptions } from "../../src/index.ts";

describe("splitClientOptions", () => {
  interface Own extends ClientOptions {
    readonly host?: string | undefined;
    readonly port?: number | undefined;
  }

  it("parts the shared options from a package's own, and leaves out what is undefined", () => {
    const options: Own = { host: "db", port: undefined, apiKey: "some-token", timeoutMs: undefined };
    expect(splitClientOptions(options, ["host", "port"])).toEqual({
      client: { apiKey: "some-token" },
      own: { host: "db" },
    });
  });

  it("refuses what is neither", () => {
    const options = { hots: "db" } as Own;
    expect(() => splitClientOptions(options, ["host", "port"])).toThrow(
      'options has no option "hots"; it has host, port',
    );
  });
});
