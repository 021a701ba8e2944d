import { gzipSync } from "node:zlib";
import { vectronService } from "@vectron/core/wire";
import type { Draw } from "./draw.ts";
import { MAX_MESSAGE_BYTES, oneField, TOKEN } from "./http-requests.ts";

/** What is sent over a stream, and what has to come of it. */
export interface HostileCall {
  readonly kind: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the stream does after its body. Default: it ends, and waits for the answer. */
  readonly after?: "reset";
  readonly ends: CallEnd;
}

/** The status of gRPC; that of HTTP, where there is no gRPC to answer in; or that the stream is reset. */
export type CallEnd = { readonly grpc: readonly number[] } | { readonly http: number } | "reset" | "any";

const GZIP_BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));

function headersOf(path: string, changes: Record<string, string> = {}) {
  return {
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    authorization: `Bearer ${TOKEN}`,
    "grpc-timeout": "10S",
    ...changes,
  };
}

function frame(message: Buffer, flag = 0, length = message.byteLength): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

const { upsert, listCollections, searchStream, createCollection } = vectronService;
const EMPTY = Buffer.alloc(0);

type Kind = (draw: Draw) => Omit<HostileCall, "kind">;

const KINDS: Readonly<Record<string, Kind>> = {
  "valid call": () => ({
    headers: headersOf(listCollections.path),
    body: frame(EMPTY),
    ends: { grpc: [0] },
  }),
  "protobuf cut off": (draw) => {
    const whole = oneField(draw);
    const body = frame(whole.subarray(0, draw.integer(1, whole.byteLength - 1)));
    return { headers: headersOf(upsert.path), body, ends: { grpc: [13] } };
  },
  "no protobuf": (draw) => {
    const message = draw.pick([
      Buffer.alloc(20, 0xff),
      Buffer.of(0x0f),
      Buffer.of(0x02, 0x01, 0x00),
      Buffer.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
      Buffer.of(0x0a, 0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01),
      Buffer.of(0x0c),
      Buffer.concat([Buffer.alloc(50_000, 0x0b), draw.bytes(3)]),
    ]);
    return {
      headers: headersOf(draw.pick([upsert, searchStream]).path),
      body: frame(message),
      ends: { grpc: [13] },
    };
  },
  "invalid UTF-8": (draw) => {
    const bad = Buffer.from(draw.pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]]));
    const body = frame(Buffer.concat([Buffer.of(0x0a, bad.byteLength), bad]));
    return { headers: headersOf(createCollection.path), body, ends: { grpc: [13] } };
  },
  "message too large": (draw) => {
    const length = draw.pick([MAX_MESSAGE_BYTES + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]);
    return { headers: headersOf(upsert.path), body: frame(draw.bytes(20), 0, length), ends: { grpc: [8] } };
  },
  "message does not come": (draw) => {
    const body = frame(draw.bytes(10), 0, draw.integer(11, MAX_MESSAGE_BYTES));
    return { headers: headersOf(upsert.path), body, ends: { grpc: [12, 13] } };
  },
  "no message": (draw) => ({
    headers: headersOf(draw.pick([upsert, searchStream]).path),
    body: draw.pick([EMPTY, Buffer.of(0), Buffer.of(0, 0, 0)]),
    ends: { grpc: [12, 13] },
  }),
  "two messages": () => ({
    headers: headersOf(listCollections.path),
    body: Buffer.concat([frame(EMPTY), frame(EMPTY)]),
    ends: { grpc: [12, 13] },
  }),
  "no gzip": (draw) => ({
    headers: headersOf(upsert.path, { "grpc-encoding": draw.pick(["gzip", "deflate"]) }),
    body: frame(Buffer.concat([Buffer.of(0), draw.bytes(50)]), 1),
    ends: { grpc: [13] },
  }),
  "gzip bomb": () => ({
    headers: headersOf(upsert.path, { "grpc-encoding": "gzip" }),
    body: frame(GZIP_BOMB.subarray(0, MAX_MESSAGE_BYTES - 5), 1),
    ends: { grpc: [8] },
  }),
  "unknown encoding": () => ({
    headers: headersOf(upsert.path, { "grpc-encoding": "br" }),
    body: frame(EMPTY, 1),
    ends: { grpc: [12] },
  }),
  "wrong content type": (draw) => ({
    headers: headersOf(upsert.path, { "content-type": draw.pick(["text/html", "application/json", "x"]) }),
    body: frame(EMPTY),
    ends: { http: 415 },
  }),
  "unknown method": (draw) => ({
    headers: headersOf(
      draw.pick([
        "/",
        "/vectron.v1.VectronService/Drop",
        "/../../etc/passwd",
        `/${draw.bytes(9).toString("hex")}/A`,
      ]),
    ),
    body: frame(EMPTY),
    ends: { grpc: [12] },
  }),
  "no token": (draw) => ({
    headers: headersOf(upsert.path, { authorization: draw.pick(["", "Bearer", "Bearer x", "Basic eDp5"]) }),
    body: frame(oneField(draw)),
    ends: { grpc: [16] },
  }),
  "bad timeout": (draw) => ({
    headers: headersOf(listCollections.path, { "grpc-timeout": draw.pick(["x", "-", "S", "12"]) }),
    body: frame(EMPTY),
    ends: { grpc: [13] },
  }),
  "large headers": (draw) => ({
    headers: headersOf(listCollections.path, { "x-flood": "y".repeat(draw.integer(100_000, 300_000)) }),
    body: EMPTY,
    ends: "reset",
  }),
  "many headers": (draw) => ({
    headers: headersOf(
      listCollections.path,
      Object.fromEntries(Array.from({ length: draw.integer(20, 100) }, (_, n) => [`x-${n}`, "1"])),
    ),
    body: frame(EMPTY),
    ends: { grpc: [0] },
  }),
  "binary header": (draw) => ({
    headers: headersOf(listCollections.path, { "x-bin": draw.pick(["%%%", "\u00ff", "====", "AAAA,BBBB"]) }),
    body: frame(EMPTY),
    ends: { grpc: [0] },
  }),
  "call reset": (draw) => ({
    headers: headersOf(upsert.path),
    body: frame(oneField(draw)).subarray(0, draw.integer(0, 30)),
    after: "reset",
    ends: "any",
  }),
  "reflection of nonsense": (draw) => {
    const symbol = Buffer.from(draw.pick(["__proto__", "constructor", "..", "vectron.v1.", "x".repeat(100)]));
    const body = frame(Buffer.concat([Buffer.of(0x22, symbol.byteLength), symbol]));
    return {
      headers: headersOf("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"),
      body,
      ends: { grpc: [0] },
    };
  },
  "health of nonsense": (draw) => {
    const name = draw.bytes(draw.integer(1, 30)).toString("hex");
    const body = frame(Buffer.concat([Buffer.of(0x0a, name.length), Buffer.from(name)]));
    return { headers: headersOf("/grpc.health.v1.Health/Check"), body, ends: { grpc: [5] } };
  },
};

const NAMES = Object.keys(KINDS);

export function grpcCall(draw: Draw): HostileCall {
  const kind = draw.pick(NAMES);
  return { kind, ...KINDS[kind]!(draw) };
}
