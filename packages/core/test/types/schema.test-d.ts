// Checked by the compiler, and never run: `npm run typecheck`.
import * as v from "valibot";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { type Collection, type PayloadCodec, schemaPayload, type VectronClient } from "../../src/index.ts";

interface Doc {
  title: string;
  year: number;
  draft: boolean;
  published: Date;
  views: bigint;
  author: { name: string; tags: string[] };
  note?: string | undefined;
}

const withZod = z.object({
  title: z.string(),
  year: z.number(),
  draft: z.boolean(),
  published: z.date(),
  views: z.bigint(),
  author: z.object({ name: z.string(), tags: z.array(z.string()) }),
  note: z.string().optional(),
});

const withValibot = v.object({
  title: v.string(),
  year: v.number(),
  draft: v.boolean(),
  published: v.date(),
  views: v.bigint(),
  author: v.object({ name: v.string(), tags: v.array(v.string()) }),
  note: v.optional(v.string()),
});

export const aSchemaTypesTheHandle = (client: VectronClient) => {
  expectTypeOf(client.collection("docs", { schema: withZod })).toEqualTypeOf<Collection<Doc>>();
  expectTypeOf(client.collection("docs", { schema: withValibot })).toEqualTypeOf<Collection<Doc>>();
  expectTypeOf(schemaPayload(withZod)).toEqualTypeOf<PayloadCodec<Doc>>();
};

export const aTypeAndItsSchemaMustAgree = (client: VectronClient) => {
  client.collection<Doc>("docs", { schema: withZod });
  // @ts-expect-error the schema says more than the type
  client.collection<{ title: number }>("docs", { schema: withZod });
  // @ts-expect-error no schema
  client.collection("docs", { schema: { title: "string" } });
};

export const aTransformIsTypedByWhatItGives = (client: VectronClient) => {
  const trimmed = z.object({ words: z.string().transform((text) => text.split(" ")) });
  expectTypeOf(client.collection("docs", { schema: trimmed })).toEqualTypeOf<
    Collection<{ words: string[] }>
  >();
};
