import { describe, expect, it } from "vitest";
import { ask, QUICK_PARITY, startBoth } from "../support/http.ts";

describe("strictParity over HTTP", () => {
  it("has the codes of a stock server", async () => {
    const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
    const create = { method: "POST", body: '{"name":"docs","dimension":2}' };
    await ask(`${url}/v1/collections`, create);
    expect(await ask(`${url}/v1/collections`, create)).toMatchObject({
      status: 500,
      body: '{"code":13,"message":"FSM failed to create collection","details":[]}',
    });
    expect(await ask(`${url}/v1/collections/nope/points/a`)).toMatchObject({
      status: 500,
      body: `{"code":13,"message":"could not get worker for collection \\"nope\\": rpc error: code = NotFound desc = collection 'nope' not found","details":[]}`,
    });
  });

  it("fails reads without Grpc-Timeout", async () => {
    const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
    await ask(`${url}/v1/collections`, { method: "POST", body: '{"name":"docs","dimension":1}' });
    await ask(`${url}/v1/collections/docs/points`, {
      method: "POST",
      body: '{"points":[{"id":"a","vector":[1]}]}',
    });
    const failed = {
      status: 500,
      body: '{"code":13,"message":"failed to perform GetVector: deadline not set","details":[]}',
    };
    const point = `${url}/v1/collections/docs/points/a`;
    expect(await ask(point)).toMatchObject(failed);
    expect((await ask(point, { headers: { "Grpc-Timeout": "10S" } })).status).toBe(200);
  });

  it("has no health route", async () => {
    const { url } = await startBoth({ strictParity: true }, QUICK_PARITY);
    expect((await ask(`${url}/healthz`)).status).toBe(404);
  });
});
