import { describe, expect, it } from "vitest";
import { NotFoundError } from "../../src/index.ts";
import { reply } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, rejection } from "../support.ts";
import { missingPoint } from "./missing.ts";

describe("points", () => {
  it("are written with empty payloads where there are none, and counted by the server", async () => {
    const { client, transport } = bench([reply({ upserted: 9 })]);
    const points = [
      { id: "a", vector: [1, 2] },
      { id: "b", vector: [3, 4], payload: { k: "v" } },
    ];
    expect(await client.upsert("docs", points)).toBe(9);
    expect(transport.calls[0]?.message).toEqual({
      collection: "docs",
      points: [
        { id: "a", vector: new Float32Array([1, 2]), payload: {} },
        { id: "b", vector: new Float32Array([3, 4]), payload: { k: "v" } },
      ],
    });
  });

  it("are read as they were stored", async () => {
    const point = { id: "a", vector: new Float32Array([0.5]), payload: { k: "v" } };
    const { client } = bench([reply({ point })]);
    expect(await client.get("docs", "a")).toEqual(point);
  });

  it("are not found, however a server says so", async () => {
    const { client } = bench([missingPoint("a"), reply({ point: undefined })]);
    const told = await rejection(NotFoundError, client.get("docs", "a"));
    expect(told.message).toContain("vector with id a not found");
    const absent = await rejection(NotFoundError, client.get("docs", "a"));
    expect(absent).toMatchObject({ method: "Get", collection: "docs" });
    expect(absent.message).toContain('point "a" not found');
  });

  it("are deleted, be they there or not", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    expect(await client.delete("docs", "a")).toBeUndefined();
    expect(transport.calls[0]?.message).toEqual({ collection: "docs", id: "a" });
  });
});
