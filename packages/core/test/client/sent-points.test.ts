import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResourceExhaustedError } from "../../src/index.ts";
import { ALWAYS_REPLY, bench } from "../support.ts";

describe("vectors", () => {
  it("of every array-like kind are sent as float32", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const inputs = [
      [1, 0.1],
      new Float64Array([1, 0.1]),
      new Float32Array([1, 0.1]),
      { length: 2, 0: 1, 1: 0.1 },
    ];
    for (const vector of inputs) await client.search("docs", { vector: vector as ArrayLike<number> });
    for (const { message } of transport.calls) {
      expect((message as { vector: unknown }).vector).toEqual(new Float32Array([1, 0.1]));
    }
  });

  it("are refused exactly when a component is not finite as float32, and it is named", async () => {
    const component = fc.oneof(
      { weight: 8, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
      { weight: 1, arbitrary: fc.double() },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(component, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (numbers, typed) => {
          const vector = typed ? new Float32Array(numbers) : numbers;
          const bad = numbers.findIndex((number) => !Number.isFinite(Math.fround(number)));
          const { client } = bench(ALWAYS_REPLY);
          const said = await client.search("docs", { vector }).then(
            () => undefined,
            (error: Error) => error.message,
          );
          if (bad === -1) expect(said).toBeUndefined();
          else expect(said).toContain(`vector[${bad}] must be a finite float32 number`);
        },
      ),
    );
  });

  it("and payloads may be shared by points and calls", async () => {
    const { client } = bench(ALWAYS_REPLY);
    const point = { id: "a", vector: Object.freeze([1, 2]), payload: Object.freeze({ k: "v" }) };
    expect(await client.upsert("docs", [point, point])).toBe(2);
  });
});

describe("ids and names", () => {
  it("may be any well-formed text", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    for (const id of ["a/b", " ", "ü", "😀", "\u0000", "x".repeat(10_000)]) await client.get(id, id);
    expect(transport.calls).toHaveLength(6);
  });
});

describe("an upsert", () => {
  it("of no points sends nothing and returns 0", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    expect(await client.upsert("docs", [])).toBe(0);
    expect(transport.calls).toEqual([]);
  });

  it("that exceeds what the transport sends is refused, and names bulkUpsert; one that just fits is not", async () => {
    const points = Array.from({ length: 10 }, (_, index) => ({
      id: `é${index}`,
      vector: new Float32Array(8),
      payload: { text: "ü".repeat(20) },
    }));
    const sizeOf = async (maxSendBytes: number) => {
      const { client, transport } = bench(ALWAYS_REPLY, { transport: { capabilities: { maxSendBytes } } });
      const error = await client.upsert("docs", points).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return { error, sent: transport.calls.length };
    };
    const { error } = await sizeOf(100);
    expect(error).toBeInstanceOf(ResourceExhaustedError);
    expect(error).toMatchObject({ method: "Upsert", collection: "docs", retryable: false });
    const bytes = Number(/points take (\d+) bytes/.exec((error as Error).message)?.[1]);
    expect((error as Error).message).toContain("the limit is 100: use bulkUpsert");
    expect(await sizeOf(bytes)).toMatchObject({ error: undefined, sent: 1 });
    expect(await sizeOf(bytes - 1)).toMatchObject({ error: expect.any(ResourceExhaustedError), sent: 0 });
  });
});
