import { expect, it } from "vitest";
import { workplace } from "./support/import-workplace.ts";

it("ids and payload numbers of 64 bits are kept to the last digit", async () => {
  const { file, load, stored } = workplace();
  const docs = file(
    "a.jsonl",
    [
      '{"id":1234567890123456789,"vector":[1,100000000000000000000],"payload":{"user":9007199254740993,"n":7}}',
      '{"id":1234567890123456788,"vector":[0.12345678901234567,2],"payload":{"said":"\\"9007199254740993\\": 1"}}',
    ].join("\n"),
  );
  expect((await load([docs])).code).toBe(0);
  const points = await stored();
  expect([...points.keys()].sort()).toEqual(["1234567890123456788", "1234567890123456789"]);
  expect(points.get("1234567890123456789")).toMatchObject({
    vector: [1, Math.fround(1e20)],
    payload: { user: "9007199254740993", n: "7" },
  });
  expect(points.get("1234567890123456788")?.payload).toEqual({ said: '"9007199254740993": 1' });
});

it("a JSON list of ids is taken as it is, and refused when it holds anything else", async () => {
  const { file, load, stored } = workplace();
  const vector = Buffer.from(Float32Array.of(1, 2).buffer);
  const row = Buffer.concat([Buffer.from(Int32Array.of(2).buffer), vector]);
  const vectors = file("a.fvecs", Buffer.concat([row, row]));
  const ids = file("ids.json", '[1234567890123456789, "1234567890123456788"]');
  expect((await load([vectors, "--ids", ids])).code).toBe(0);
  expect([...(await stored()).keys()].sort()).toEqual(["1234567890123456788", "1234567890123456789"]);
  const { code, stderr } = await load([vectors, "--ids", file("wrong.json", '["a", null]')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/wrong\.json must hold strings and numbers, got null at 1/);
});
