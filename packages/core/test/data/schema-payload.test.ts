import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { schemaPayload } from "../../src/data/schema-payload.ts";
import { DataLossError, InvalidArgumentError } from "../../src/errors/error-classes.ts";

const zodSchema = z.object({
  title: z.string(),
  year: z.number(),
  draft: z.boolean(),
  published: z.date(),
  views: z.bigint(),
  tags: z.array(z.string()),
  author: z.object({ name: z.string(), age: z.number().nullable() }),
  edits: z.array(z.object({ at: z.date() })),
  note: z.string().optional(),
});

const valibotSchema = v.object({
  title: v.string(),
  year: v.number(),
  draft: v.boolean(),
  published: v.date(),
  views: v.bigint(),
  tags: v.array(v.string()),
  author: v.object({ name: v.string(), age: v.nullable(v.number()) }),
  edits: v.array(v.object({ at: v.date() })),
  note: v.optional(v.string()),
});

const document = {
  title: "42",
  year: 1984,
  draft: false,
  published: new Date("1949-06-08T00:00:00.000Z"),
  views: 9_007_199_254_740_993n,
  tags: ["1", "novel"],
  author: { name: "Orwell", age: null },
  edits: [{ at: new Date("1948-12-01T10:00:00.000Z") }, { at: new Date("1949-01-02T03:04:05.678Z") }],
};

const STORED = {
  title: "42",
  year: "1984",
  draft: "false",
  published: "1949-06-08T00:00:00.000Z",
  views: "9007199254740993",
  tags: '["1","novel"]',
  author: '{"name":"Orwell","age":null}',
  edits: '[{"at":"1948-12-01T10:00:00.000Z"},{"at":"1949-01-02T03:04:05.678Z"}]',
};

describe.each([
  ["zod", schemaPayload(zodSchema)],
  ["valibot", schemaPayload(valibotSchema)],
])("typed payloads with %s", (_name, codec) => {
  it("are written as strings and read back as they were", async () => {
    expect(await codec.encode("points[0].payload", document)).toEqual(STORED);
    expect(await codec.decode('the payload of point "a"', STORED)).toEqual(document);
  });

  it("are refused by the name of the point and the field", async () => {
    const wrong = { ...document, year: "1984" } as unknown as typeof document;
    const refused = codec.encode("points[3].payload", wrong);
    await expect(refused).rejects.toThrow(InvalidArgumentError);
    await expect(refused).rejects.toThrow(/points\[3\]\.payload does not fit .*year: /);
  });

  it("that do not fit when read are reported by point and field", async () => {
    const refused = codec.decode('the payload of point "a"', { ...STORED, year: "soon" });
    await expect(refused).rejects.toThrow(DataLossError);
    await expect(refused).rejects.toThrow(/the payload of point "a" .*year: /);
  });

  it("round trip for every value that the schema allows", async () => {
    const field = fc.string({ unit: "grapheme" });
    const date = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") });
    const documents = fc.record(
      {
        title: field,
        year: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        draft: fc.boolean(),
        published: date,
        views: fc.bigInt(),
        tags: fc.array(field),
        author: fc.record({ name: field, age: fc.option(fc.integer()) }),
        edits: fc.array(fc.record({ at: date })),
        note: field,
      },
      { requiredKeys: ["title", "year", "draft", "published", "views", "tags", "author", "edits"] },
    );
    await fc.assert(
      fc.asyncProperty(documents, async (value) => {
        const plain = {
          ...value,
          author: { ...value.author },
          edits: value.edits.map((edit) => ({ ...edit })),
        };
        expect(await codec.decode("it", await codec.encode("it", plain))).toEqual(plain);
      }),
    );
  });
});

describe("schemaPayload", () => {
  it("refuses what is no Standard Schema", () => {
    expect(() => schemaPayload({} as never)).toThrow(/options\.schema must be a Standard Schema/);
  });

  it("refuses values that no string can stand for, by name", async () => {
    const codec = schemaPayload(z.object({ value: z.unknown() }));
    for (const value of [() => 1, Symbol("s"), new Map(), Number.NaN]) {
      await expect(codec.encode("points[0].payload", { value })).rejects.toThrow(
        /points\[0\]\.payload\.value must be/,
      );
    }
  });

  it.each([
    ["sum", { sum: Number.NaN }, "value.sum must be a finite number, got NaN"],
    ["days", [[1n]], "value.0.0 must be a value that JSON can hold, got 1n"],
    ["set", { by: new Set() }, "value.by must be a value that JSON can hold, got an object of class Set"],
    ["undefined", [undefined], "value.0 must be a value that JSON can hold, got undefined"],
  ])("refuses what JSON would lose inside of a field, by name: %s", async (_name, value, message) => {
    const codec = schemaPayload(z.object({ value: z.unknown() }));
    await expect(codec.encode("points[0].payload", { value })).rejects.toThrow(
      `points[0].payload.${message}`,
    );
  });

  it("reads dates inside of a field where the schema wants them, and text elsewhere", async () => {
    const iso = "2025-06-01T00:00:00.000Z";
    const codec = schemaPayload(z.object({ log: z.object({ at: z.date(), text: z.string() }) }));
    const log = { at: new Date(iso), text: iso };
    expect(await codec.decode("it", await codec.encode("it", { log }))).toEqual({ log });
    const notIso = codec.decode("it", { log: '{"at":"2025","text":""}' });
    await expect(notIso).rejects.toBeInstanceOf(DataLossError);
  });

  it("writes what the schema makes of a value", async () => {
    const codec = schemaPayload(z.object({ lang: z.string().default("en") }));
    expect(await codec.encode("it", {} as { lang: string })).toEqual({ lang: "en" });
  });
});
