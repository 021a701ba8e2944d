import { TransportFailure, type TransportReply } from "@vectron/core";
import type { Message, Sabotage } from "./sabotaged-transport.ts";

/** A defect, and the cases that must notice it. */
export interface Defect extends Sabotage {
  readonly name: string;
  readonly noticedBy: readonly string[];
}

/** Changes the points of upserts. */
function changePoints(change: (point: Message) => Message): Sabotage["request"] {
  return (method, message) =>
    method === "Upsert" ? { ...message, points: message.points.map(change) } : message;
}

/** Changes the ids that calls ask for or write. */
function changeIds(change: (id: string) => string): Sabotage["request"] {
  const points = changePoints((point) => ({ ...point, id: change(point.id) }));
  return (method, message) => {
    if (method === "Get" || method === "Delete") return { ...message, id: change(message.id) };
    return points?.(method, message);
  };
}

/** Changes the results of searches. */
function changeResults(change: (results: Message[]) => Message[]): Sabotage["reply"] {
  return (method, message) =>
    method.startsWith("Search") ? { ...message, results: change(message.results) } : message;
}

/** Changes the vectors that come back. */
function changeVectors(change: (vector: Float32Array) => Float32Array): Sabotage["reply"] {
  return (method, message) =>
    method === "Get" ? { point: { ...message.point, vector: change(message.point.vector) } } : message;
}

function onlyMethod(name: string, answer: Sabotage["unary"]): Sabotage["unary"] {
  return (call, next) =>
    call.method.name === name && answer !== undefined ? answer(call, next) : next(call);
}

/** Makes every call of a method fail, if it fails, with another code. */
function changeCode(from: string, to: "INTERNAL" | "UNKNOWN" | "NOT_FOUND"): Sabotage["unary"] {
  return async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      if (!(error instanceof TransportFailure) || error.code !== from) throw error;
      throw new TransportFailure(to, "something went wrong", { requestSent: error.requestSent });
    }
  };
}

function remember(): Sabotage["unary"] {
  const replies = new Map<string, TransportReply<unknown>>();
  return async (call, next) => {
    if (!call.method.readOnly) return next(call);
    const key = JSON.stringify([call.method.name, call.message]);
    const reply = replies.get(key) ?? (await next(call));
    replies.set(key, reply);
    return reply;
  };
}

function shiftReplies(): Sabotage["unary"] {
  let last: TransportReply<unknown> | undefined;
  return onlyMethod("Get", async (call, next) => {
    const reply = await next(call);
    const answer = last ?? reply;
    last = reply;
    return answer;
  });
}

const toBfloat16 = (vector: Float32Array) => {
  const bits = new Uint32Array(vector.slice().buffer).map((word) => word & 0xffff0000);
  return new Float32Array(bits.buffer);
};

/** Defects of every part that a combination is made of: codecs, engines, servers, caches. */
export const defects: readonly Defect[] = [
  {
    name: "payloads are dropped",
    request: changePoints((point) => ({ ...point, payload: {} })),
    noticedBy: [
      "payloads/unicode",
      "payloads/many-keys",
      "points/get",
      "search/defaults",
      "handles/typed-by-a-codec",
    ],
  },
  {
    name: "empty payload values are dropped",
    request: changePoints((point) => ({
      ...point,
      payload: Object.fromEntries(Object.entries(point.payload).filter(([, value]) => value !== "")),
    })),
    noticedBy: ["payloads/empty-value"],
  },
  {
    name: "__proto__ is lost from payloads",
    request: changePoints((point) => {
      const payload: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(point.payload)) payload[key] = value;
      return { ...point, payload };
    }),
    noticedBy: ["payloads/names-of-object-members"],
  },
  {
    name: "a byte order mark is taken off texts",
    request: changeIds((id) => id.replace(/^\uFEFF/, "")),
    noticedBy: ["ids/byte-order-mark"],
  },
  {
    name: "ids are normalised",
    request: changeIds((id) => id.normalize("NFC")),
    noticedBy: ["ids/told-apart", "ids/combining-marks"],
  },
  {
    name: "ids are trimmed",
    request: changeIds((id) => id.trim() || id),
    noticedBy: ["ids/told-apart", "ids/spaces"],
  },
  {
    name: "ids are decoded once too often",
    request: changeIds((id) => (/%[0-9A-F]{2}/.test(id) ? decodeURIComponent(id) : id)),
    noticedBy: ["ids/percent"],
  },
  {
    name: "ids are cut at a NUL",
    request: changeIds((id) => id.split("\0")[0] || id),
    noticedBy: ["ids/control-characters"],
  },
  {
    name: "long ids are cut",
    request: changeIds((id) => id.slice(0, 1_000)),
    noticedBy: ["ids/long"],
  },
  {
    name: "vectors lose half of their bits",
    reply: changeVectors(toBfloat16),
    noticedBy: ["vectors/exact-bits", "vectors/rounded-to-float32", "vectors/dimension-4096"],
  },
  {
    name: "zero loses its sign",
    reply: changeVectors((vector) => vector.map((component) => component + 0)),
    noticedBy: ["vectors/exact-bits"],
  },
  {
    name: "denormals are flushed to zero",
    reply: changeVectors((vector) =>
      vector.map((component) => (Math.abs(component) < 2 ** -126 ? 0 * component : component)),
    ),
    noticedBy: ["vectors/exact-bits"],
  },
  {
    name: "results are reversed",
    reply: changeResults((results) => [...results].reverse()),
    noticedBy: ["search/order", "search/ties", "scores/euclidean-17", "streaming/defaults"],
  },
  {
    name: "ties are ordered by UTF-16 units",
    reply: changeResults((results) =>
      [...results].sort((a, b) => a.score - b.score || (a.id < b.id ? -1 : 1)),
    ),
    noticedBy: ["search/ties"],
  },
  {
    name: "the last result is lost",
    reply: changeResults((results) => results.slice(0, -1)),
    noticedBy: ["search/defaults", "search/top-k", "volume/all-in-one-result", "scores/cosine-384"],
  },
  {
    name: "scores are a thousandth too large",
    reply: changeResults((results) => results.map((result) => ({ ...result, score: result.score * 1.001 }))),
    noticedBy: ["scores/euclidean-2", "scores/cosine-17", "scores/dot-384"],
  },
  {
    name: "scores are not squared",
    reply: changeResults((results) =>
      results.map((result) => ({ ...result, score: Math.sqrt(Math.abs(result.score)) })),
    ),
    noticedBy: ["scores/euclidean-is-squared", "search/order"],
  },
  {
    name: "topK is ignored",
    request: (method, message) => (method === "Search" ? { ...message, topK: 10 } : message),
    noticedBy: ["search/top-k", "volume/all-in-one-result", "many/search-in-order"],
  },
  {
    name: "flags are left out",
    request: (method, message) =>
      method === "Search" ? { ...message, includeMetadata: false, includeVectors: false } : message,
    noticedBy: ["search/defaults", "search/with-vectors", "concurrency/flags-are-not-mixed"],
  },
  {
    name: "a write is counted wrongly",
    reply: (method, message) => (method === "Upsert" ? { upserted: message.upserted + 1 } : message),
    noticedBy: ["upsert/count", "upsert/duplicate-ids", "volume/ten-thousand-points"],
  },
  {
    name: "the first of equal ids wins",
    request: (method, message) =>
      method === "Upsert" ? { ...message, points: [...message.points].reverse() } : message,
    noticedBy: ["upsert/duplicate-ids"],
  },
  {
    name: "deletes are acknowledged and forgotten",
    unary: onlyMethod("Delete", async () => ({ message: {}, metadata: {} })),
    noticedBy: ["points/delete", "points/delete-missing", "points/many-changes-to-one", "many/delete"],
  },
  {
    name: "reads are answered from a cache",
    unary: remember(),
    noticedBy: [
      "upsert/overwrite-replaces-payload",
      "upsert/overwrite-replaces-vector",
      "vectors/results-are-the-callers",
    ],
  },
  {
    name: "each read of a point gets the reply of the one before",
    unary: shiftReplies(),
    noticedBy: ["concurrency/mixed-calls", "many/get-in-order"],
  },
  {
    name: "a missing point is an internal error",
    unary: changeCode("NOT_FOUND", "INTERNAL"),
    noticedBy: ["points/get-missing", "many/get-in-order", "collections/delete-missing"],
  },
  {
    name: "a duplicate is an unknown error",
    unary: changeCode("ALREADY_EXISTS", "UNKNOWN"),
    noticedBy: ["collections/duplicate"],
  },
  {
    name: "a wrong argument is an unknown error",
    unary: changeCode("INVALID_ARGUMENT", "UNKNOWN"),
    noticedBy: ["upsert/wrong-dimension", "search/wrong-dimension"],
  },
  {
    name: "a refused key is taken for a missing thing",
    unary: changeCode("UNAUTHENTICATED", "NOT_FOUND"),
    noticedBy: ["auth/wrong-key-get", "auth/no-key-listCollections", "auth/refused-token-is-renewed"],
  },
  {
    name: "headers are not sent",
    unary: (call, next) => next({ ...call, headers: {} }),
    noticedBy: ["interceptors/headers-are-sent", "auth/provider"],
  },
  {
    name: "the distance of a collection is always the default",
    request: (method, message) =>
      method === "CreateCollection" ? { ...message, distance: "euclidean" } : message,
    noticedBy: ["collections/distance-cosine", "collections/status", "scores/dot-marks"],
  },
  {
    name: "a stream is empty",
    stream: async function* () {},
    noticedBy: ["streaming/ends-as-search", "streaming/defaults"],
  },
  {
    name: "a stream's results add up instead of replacing each other",
    reply: (method, message) =>
      method === "SearchStream" ? { results: [...message.results, ...message.results] } : message,
    noticedBy: ["streaming/ends-as-search", "streaming/defaults"],
  },
];
