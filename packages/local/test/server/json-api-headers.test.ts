import { reply, ScriptedTransport } from "@vectron/core/testing";
import { describe, expect, it } from "vitest";
import { ask, startHttp } from "../support/http.ts";

describe("the headers of a request", () => {
  async function headersSeen(headers: Record<string, string>) {
    const backend = new ScriptedTransport([reply()], { keepToken: true });
    const { url } = await startHttp(backend);
    await ask(`${url}/v1/collections`, { headers });
    return backend.calls[0]!;
  }

  it("reach the back end where they are the call's own, and no others do", async () => {
    const { headers } = await headersSeen({
      Authorization: "Bearer a",
      "X-Request-Id": "r-1",
      Traceparent: "00-1",
      Tracestate: "t=1",
      Baggage: "b=1",
      "Grpc-Metadata-Foo": "bar",
      "Grpc-Metadata-Authorization": "Bearer b",
      "X-API-Key": "secret",
      Cookie: "session=1",
      "User-Agent": "me",
    });
    expect(headers).toEqual({
      authorization: "Bearer a",
      "x-request-id": "r-1",
      traceparent: "00-1",
      tracestate: "t=1",
      baggage: "b=1",
      foo: "bar",
    });
  });

  it.each([
    ["10S", 10_000],
    ["2M", 120_000],
    ["1H", 3_600_000],
    ["60000m", 60_000],
    ["90000000u", 90_000],
    ["99999999999n", 100_000],
    ["99999999H", 99_999_999 * 3_600_000],
  ])("set the deadline: %s", async (timeout, expectedMs) => {
    const before = Date.now();
    const { deadline } = await headersSeen({ "Grpc-Timeout": timeout });
    expect(deadline).toBeGreaterThanOrEqual(before + expectedMs - 1);
    expect(deadline).toBeLessThanOrEqual(Date.now() + expectedMs);
  });

  it("set none by default", async () => {
    expect((await headersSeen({})).deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(["", "10", "S", "-1S", "1.5S", "10s", "1 S", "10S, 5S"])(
    "refused as a timeout: %j",
    async (timeout) => {
      const backend = new ScriptedTransport([]);
      const { url } = await startHttp(backend);
      const answer = await ask(`${url}/v1/collections`, { headers: { "Grpc-Timeout": timeout } });
      const body = `{"code":3,"message":"invalid grpc-timeout: ${timeout}","details":[]}`;
      expect(answer).toMatchObject({ status: 400, body });
      expect(backend.calls).toHaveLength(0);
    },
  );
});
