import { crash, fail, hang, reply, ScriptedTransport } from "@vectron/core/testing";
import { STATUS_CODES, statusCodeToNumber } from "@vectron/core/wire";
import { describe, expect, it } from "vitest";
import { ask, startBoth, startHttp } from "../support/http.ts";

describe("a failure of the back end", () => {
  const CODES = STATUS_CODES.filter((code) => code !== "OK");
  const STATUS = [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

  it.each(CODES.map((code, i) => [code, STATUS[i]!] as const))("%s is %i", async (code, status) => {
    const { url } = await startHttp(new ScriptedTransport([fail(code, { message: 'so "it" is\n\u20ac.' })]));
    const answer = await ask(`${url}/v1/collections`);
    expect(answer.status).toBe(status);
    expect(answer.body).toBe(
      `{"code":${statusCodeToNumber(code)},"message":"so \\"it\\" is\\n\u20ac.","details":[]}`,
    );
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? 'so "it" is  .' : null);
  });

  it("that is no status is INTERNAL", async () => {
    const { url } = await startHttp(new ScriptedTransport([crash(new Error("a bug"))]));
    const answer = { status: 500, body: '{"code":13,"message":"a bug","details":[]}' };
    expect(await ask(`${url}/v1/collections`)).toMatchObject(answer);
  });

  it("has its metadata in headers, and so has a success", async () => {
    const metadata = {
      "retry-after": "7",
      "x-request-id": "r-1",
      "grpc-retry-pushback-ms": "70",
      "x-worker": "w",
    };
    const backend = new ScriptedTransport([
      fail("UNAVAILABLE", { metadata }),
      reply({ collections: [] }, { metadata }),
    ]);
    const { url } = await startHttp(backend);
    for (const status of [503, 200]) {
      const answer = await ask(`${url}/v1/collections`);
      expect(answer.status).toBe(status);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "retry-after": "7",
        "x-request-id": "r-1",
        "grpc-retry-pushback-ms": "70",
        "grpc-metadata-x-worker": "w",
      });
    }
  });
});

describe("a deadline that passes", () => {
  it("ends the call, here and in the back end", async () => {
    const backend = new ScriptedTransport([hang()]);
    const { url } = await startHttp(backend);
    const answer = await ask(`${url}/v1/collections`, { headers: { "Grpc-Timeout": "50m" } });
    expect(answer).toMatchObject({
      status: 504,
      body: '{"code":4,"message":"context deadline exceeded","details":[]}',
    });
    expect(backend.calls[0]!.outcome).toBe("aborted");
  });

  it("before the call does not reach the engine", async () => {
    const { url } = await startBoth();
    const answer = await ask(`${url}/v1/collections`, { headers: { "Grpc-Timeout": "0S" } });
    expect(answer.status).toBe(504);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 4 });
  });
});
