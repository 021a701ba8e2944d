import { TransportFailure } from "@vectron/core";
import { vectronService as rpc } from "@vectron/core/wire";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import type { CallContext, VectronHandlers } from "../../src/service/handlers.ts";
import { vectronHandlers } from "../../src/service/vectron-service.ts";
import { InProcessTransport } from "../../src/transport/in-process-transport.ts";
import { call, callStream, createRequest, expectFailure, point, searchRequest } from "../support/calls.ts";

function newTransport(overrides: Partial<VectronHandlers> = {}, copiesMessages = true) {
  const handlers = { ...vectronHandlers(new Engine()), ...overrides };
  return new InProcessTransport({ handlers, endpoint: "test", copiesMessages });
}

/** A handler that ends only with its call, and the contexts of the calls that came in. */
function stuck() {
  const contexts: CallContext[] = [];
  let entered: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const handler = (_message: unknown, context: CallContext) => {
    contexts.push(context);
    entered();
    return new Promise<never>(() => undefined);
  };
  return { handler, contexts, running };
}

describe("isolation", () => {
  it("stores what a message held when the call was made", async () => {
    const transport = newTransport();
    await call(transport, rpc.createCollection, createRequest());
    const mine = point("a", [1, 2], { k: "v" });
    const request = { collection: "docs", points: [mine] };
    const pending = call(transport, rpc.upsert, request);
    mine.vector[0] = 9;
    mine.payload.k = "changed";
    mine.id = "changed";
    request.points.length = 0;
    await pending;
    expect(await call(transport, rpc.get, { collection: "docs", id: "a" })).toEqual({
      point: point("a", [1, 2], { k: "v" }),
    });
  });

  it("hands out what is the caller's own", async () => {
    const transport = newTransport();
    await call(transport, rpc.createCollection, createRequest());
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [1, 2], { k: "v" })] });
    const asked = searchRequest({ includeMetadata: true, includeVectors: true });
    const [hit] = (await call(transport, rpc.search, asked)).results;
    hit!.payload.k = "changed";
    hit!.vector[0] = 9;
    const { point: read } = await call(transport, rpc.get, { collection: "docs", id: "a" });
    read!.payload.k = "changed";
    expect(await call(transport, rpc.get, { collection: "docs", id: "a" })).toEqual({
      point: point("a", [1, 2], { k: "v" }),
    });
  });

  it("keeps payload keys that are special to JavaScript", async () => {
    const transport = newTransport();
    await call(transport, rpc.createCollection, createRequest());
    const payload = JSON.parse('{"__proto__":"p"}') as Record<string, string>;
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [1, 2], payload)] });
    const { point: read } = await call(transport, rpc.get, { collection: "docs", id: "a" });
    expect(Object.entries(read!.payload)).toEqual([["__proto__", "p"]]);
  });
});

describe("the end of a call", () => {
  it("refuses one that is cancelled or late already, and runs nothing", async () => {
    const { handler, contexts } = stuck();
    const transport = newTransport({ get: handler });
    const aborted = call(transport, rpc.get, { collection: "c", id: "a" }, { signal: AbortSignal.abort() });
    await expectFailure(aborted, "CANCELLED", "the call was cancelled");
    await expect(aborted).rejects.toMatchObject({ requestSent: "no" });
    const late = call(transport, rpc.get, { collection: "c", id: "a" }, { deadline: Date.now() });
    await expectFailure(late, "DEADLINE_EXCEEDED", "the deadline of the call has passed");
    await expect(late).rejects.toMatchObject({ requestSent: "no" });
    expect(contexts).toEqual([]);
  });

  it("comes with the caller's abort, and the handler learns of it", async () => {
    const { handler, contexts, running } = stuck();
    const transport = newTransport({ get: handler });
    const controller = new AbortController();
    const pending = call(transport, rpc.get, { collection: "c", id: "a" }, { signal: controller.signal });
    await running;
    expect(contexts[0]!.signal.aborted).toBe(false);
    controller.abort();
    await expectFailure(pending, "CANCELLED", "the call was cancelled");
    await expect(pending).rejects.toMatchObject({ requestSent: "yes" });
    expect(contexts[0]!.signal.aborted).toBe(true);
  });

  it("comes with the deadline", async () => {
    const { handler, contexts } = stuck();
    const transport = newTransport({ get: handler });
    const pending = call(transport, rpc.get, { collection: "c", id: "a" }, { deadline: Date.now() + 50 });
    await expectFailure(pending, "DEADLINE_EXCEEDED", "the deadline of the call has passed");
    expect(contexts[0]!.signal.aborted).toBe(true);
  });

  it("may lie beyond the longest timer, or nowhere", async () => {
    const transport = newTransport();
    for (const deadline of [Date.now() + 2 ** 40, Number.POSITIVE_INFINITY]) {
      expect(await call(transport, rpc.listCollections, {}, { deadline })).toEqual({ collections: [] });
    }
  });

  it("comes with close, which runs once and lets nothing in afterwards", async () => {
    const { handler, running } = stuck();
    let closings = 0;
    const transport = new InProcessTransport({
      handlers: { ...vectronHandlers(new Engine()), get: handler },
      endpoint: "test",
      onClose: async () => {
        closings++;
      },
    });
    const pending = call(transport, rpc.get, { collection: "c", id: "a" });
    await running;
    await Promise.all([expectFailure(pending, "CANCELLED", "the transport was closed"), transport.close()]);
    await transport.close();
    expect(closings).toBe(1);
    await expectFailure(call(transport, rpc.listCollections, {}), "CANCELLED", "the transport is closed");
  });

  it("leaves no listener on the caller's signal", async () => {
    const transport = newTransport();
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => {
        listeners++;
      },
      removeEventListener: () => {
        listeners--;
      },
    } as unknown as AbortSignal;
    await call(transport, rpc.createCollection, createRequest(), { signal });
    await expectFailure(
      call(transport, rpc.createCollection, createRequest(), { signal }),
      "ALREADY_EXISTS",
      /docs/,
    );
    await callStream(transport, searchRequest(), { signal });
    expect(listeners).toBe(0);
  });
});

describe("failures", () => {
  it("are internal when a handler throws something else, with its cause", async () => {
    const cause = new Error("no space left");
    const transport = newTransport({
      listCollections: () => {
        throw cause;
      },
    });
    const pending = call(transport, rpc.listCollections, {});
    await expectFailure(pending, "INTERNAL", "no space left");
    await expect(pending).rejects.toBeInstanceOf(TransportFailure);
    await expect(pending).rejects.toMatchObject({ cause });
  });

  it("name a method that there is no handler for", async () => {
    const method = { ...rpc.get, path: "/vectron.v1.VectronService/Nope" };
    const pending = call(newTransport(), method, { collection: "c", id: "a" });
    await expectFailure(pending, "UNIMPLEMENTED", /VectronService\/Nope/);
  });
});

describe("streams", () => {
  it("end the handler when the caller leaves the loop", async () => {
    const events: string[] = [];
    const transport = newTransport({
      async *searchStream(_message, { signal }) {
        signal.addEventListener("abort", () => events.push("aborted"));
        try {
          for (;;) yield { results: [] };
        } finally {
          events.push("ended");
        }
      },
    });
    const { signal } = new AbortController();
    const request = {
      method: rpc.searchStream,
      message: searchRequest(),
      deadline: Date.now() + 60_000,
      signal,
      headers: {},
    };
    for await (const reply of transport.serverStream(request)) {
      expect(reply).toEqual({ results: [] });
      break;
    }
    expect(events).toEqual(["aborted", "ended"]);
  });

  it.each(["between messages", "within a message"] as const)("end with an abort %s", async (when) => {
    let within: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      within = resolve;
    });
    const transport = newTransport({
      async *searchStream() {
        yield { results: [] };
        within();
        await new Promise(() => undefined);
      },
    });
    const controller = new AbortController();
    const request = {
      method: rpc.searchStream,
      message: searchRequest(),
      deadline: Date.now() + 60_000,
      signal: controller.signal,
      headers: {},
    };
    const replies = transport.serverStream(request)[Symbol.asyncIterator]();
    await replies.next();
    if (when === "between messages") controller.abort();
    const next = replies.next();
    if (when === "within a message") {
      await waiting;
      controller.abort();
    }
    await expectFailure(next, "CANCELLED", "the call was cancelled");
    expect(await replies.next()).toEqual({ done: true, value: undefined });
  });
});
