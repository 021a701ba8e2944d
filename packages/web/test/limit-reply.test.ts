import fc from "fast-check";
import { expect, test } from "vitest";
import { limitReply } from "../src/rpc/limit-reply.ts";

const LIMIT = 20;

/** A response whose body arrives in pieces, cut at the given places. */
function responseOf(bytes: Uint8Array, cuts: readonly number[]): Response {
  const places = [0, ...cuts, bytes.length];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      places.slice(1).forEach((end, index) => {
        controller.enqueue(bytes.slice(places[index], end));
      });
      controller.close();
    },
  });
  return new Response(body, { headers: { "x-of": "the reply" } });
}

/** What can be read of a body, and how reading it ended. */
async function drain(response: Response): Promise<{ bytes: number[]; failure?: unknown }> {
  const bytes: number[] = [];
  const reader = response.body?.getReader();
  try {
    for (let step = await reader?.read(); step?.value !== undefined; step = await reader?.read()) {
      bytes.push(...step.value);
    }
    return { bytes };
  } catch (failure) {
    return { bytes, failure };
  }
}

function frameOf(message: Uint8Array): number[] {
  const header = new Uint8Array(5);
  new DataView(header.buffer).setUint32(1, message.length);
  return [...header, ...message];
}

const tooLarge = expect.objectContaining({
  code: "RESOURCE_EXHAUSTED",
  metadata: expect.objectContaining({ "x-of": "the reply" }),
});

/** Bytes, and places to cut them at. */
function cut<T>(value: T, bytes: Uint8Array) {
  return fc.subarray([...bytes.keys()]).map((cuts) => ({ value, bytes, cuts }));
}

test("frames pass, however they arrive, up to the first that is too large", async () => {
  const frames = fc
    .array(fc.uint8Array({ maxLength: LIMIT + 5 }), { maxLength: 5 })
    .chain((messages) => cut(messages, Uint8Array.from(messages.flatMap(frameOf))));
  await fc.assert(
    fc.asyncProperty(frames, async ({ value: messages, bytes, cuts }) => {
      const first = messages.findIndex((message) => message.length > LIMIT);
      const { bytes: read, failure } = await drain(limitReply(responseOf(bytes, cuts), LIMIT, true));
      if (first === -1) {
        expect(failure).toBeUndefined();
        expect(read).toEqual([...bytes]);
        return;
      }
      expect(failure).toEqual(tooLarge);
      // Part of the header may have passed before its length was known.
      const before = messages.slice(0, first).flatMap(frameOf);
      expect(read.slice(0, before.length)).toEqual(before);
      expect(read.length).toBeLessThan(before.length + 5);
    }),
  );
});

test("a body without frames passes up to the limit", async () => {
  const bodies = fc.uint8Array({ maxLength: 2 * LIMIT }).chain((bytes) => cut(undefined, bytes));
  await fc.assert(
    fc.asyncProperty(bodies, async ({ bytes, cuts }) => {
      const { bytes: read, failure } = await drain(limitReply(responseOf(bytes, cuts), LIMIT, false));
      expect(read).toEqual([...bytes.slice(0, LIMIT)]);
      if (bytes.length > LIMIT) expect(failure).toEqual(tooLarge);
      else expect(failure).toBeUndefined();
    }),
  );
});

test("leaving the limited body cancels the reply's own", async () => {
  let cancelled: unknown;
  const body = new ReadableStream({
    cancel(reason) {
      cancelled = reason;
    },
  });
  await limitReply(new Response(body), LIMIT, true).body?.cancel("enough");
  expect(cancelled).toBe("enough");
});
