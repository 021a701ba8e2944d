import { binaryCodec, vectronService } from "@vectron/core/wire";
import type { Draw } from "./draw.ts";

/** What is sent over a connection of its own, and what has to come of it. */
export interface HostileRequest {
  readonly kind: string;
  /** Sent at once. */
  readonly bytes: Buffer;
  /** What the connection does then. Default: it waits for the answer. */
  readonly after?: "leave";
  /** The status of each answer; none where the connection is only to be closed. */
  readonly statuses: readonly number[];
  /** What the last answer's body has to be like. */
  readonly body?: RegExp;
}

export const TOKEN = "key-of-the-hostile-suite";
export const MAX_MESSAGE_BYTES = 65_536;
const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;
const COLLECTIONS = "/v1/collections";
const POINTS = `${COLLECTIONS}/docs/points`;
const SEARCH = `${POINTS}/search`;
const RPC = "/vectron.v1.VectronService";

interface Parts {
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly string[];
  readonly body?: Buffer | string;
}

function request({ method = "POST", path, headers = [], body = "" }: Parts): Buffer {
  const bytes = Buffer.from(body);
  const hasLength = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header));
  const length = hasLength ? [] : [`Content-Length: ${bytes.byteLength}`];
  const hasToken = headers.some((header) => /^authorization:/i.test(header));
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "Host: localhost",
    "Connection: close",
    ...(hasToken ? [] : [AUTHORIZATION]),
    ...length,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes]);
}

const CODE_3 = /^\{"code":3,/;
const CODE_5 = /^\{"code":5,/;
const CODE_8 = /^\{"code":8,/;

function upsertBody(draw: Draw): string {
  const vector = [draw.integer(-9, 9), draw.integer(-9, 9)];
  return JSON.stringify({ points: [{ id: `p${draw.integer(0, 99)}`, vector, payload: { lang: "en" } }] });
}

/** Every kind of request, each with what has to be answered. */
type Kind = (draw: Draw) => Omit<HostileRequest, "kind">;

const WRONG_TYPES: readonly [path: string, field: string, values: readonly string[]][] = [
  [COLLECTIONS, "name", ["1", "true", "[]", "{}", '["a"]']],
  [COLLECTIONS, "dimension", ['"x"', "1.5", "1e99", "true", "[]", "{}", "2147483648", "-2147483649"]],
  [POINTS, "points", ["{}", "1", '"a"', "[1]", "[[]]", '[{"vector":"1"}]', '[{"vector":[{}]}]', "[null]"]],
  [SEARCH, "vector", ["{}", '"1,2"', "[[1]]", '["x"]', "[true]", "[1e39]", "[null]"]],
  [SEARCH, "topK", ["-1", "4294967296", "0.5", '"ten"', "{}"]],
  [SEARCH, "includeVectors", ["1", '"true"', "[]"]],
];

const KINDS: Readonly<Record<string, Kind>> = {
  "valid upsert": (draw) => ({
    bytes: request({ path: POINTS, body: upsertBody(draw) }),
    statuses: [200],
    body: /^\{"upserted":1\}$/,
  }),
  "valid search": (draw) => ({
    bytes: request({ path: SEARCH, body: `{"vector":[${draw.integer(0, 9)},1],"topK":3}` }),
    statuses: [200],
  }),
  "pipelined reads": (draw) => {
    const count = draw.integer(2, 30);
    const read = request({ method: "GET", path: COLLECTIONS });
    const kept = Buffer.from(read.toString("latin1").replace("Connection: close\r\n", ""), "latin1");
    const all = [...Array.from({ length: count - 1 }, () => kept), read];
    return { bytes: Buffer.concat(all), statuses: Array.from({ length: count }, () => 200) };
  },
  "JSON cut off": (draw) => {
    const whole = upsertBody(draw);
    const body = whole.slice(0, draw.integer(1, whole.length - 1));
    return { bytes: request({ path: POINTS, body }), statuses: [400], body: CODE_3 };
  },
  "no JSON": (draw) => {
    const body = Buffer.concat([Buffer.from(draw.pick(["<", "'", "]", "NaN", "\0"])), draw.bytes(40)]);
    return { bytes: request({ path: POINTS, body }), statuses: [400], body: CODE_3 };
  },
  "deep nesting": (draw) => {
    const depth = draw.integer(100, 20_000);
    const [open, close] = draw.pick([
      ["[", "]"],
      ['{"a":', "}"],
    ] as const);
    const closing = draw.chance(0.5) ? close.repeat(depth) : "";
    const body = `{"points":${open.repeat(depth)}${closing}}`.slice(0, MAX_MESSAGE_BYTES);
    return { bytes: request({ path: POINTS, body }), statuses: [400], body: CODE_3 };
  },
  "wrong type": (draw) => {
    const [path, field, values] = draw.pick(WRONG_TYPES);
    const body = `{"${field}":${draw.pick(values)}}`;
    return { bytes: request({ path, body }), statuses: [400], body: CODE_3 };
  },
  "invalid UTF-8": (draw) => {
    const bad = draw.pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]);
    const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from(bad), Buffer.from('","dimension":2}')]);
    return { bytes: request({ path: COLLECTIONS, body }), statuses: [400], body: CODE_3 };
  },
  "lone surrogate": (draw) => {
    const body = `{"name":"\\u${draw.pick(["d800", "dfff", "DBFF"])}","dimension":2}`;
    return { bytes: request({ path: COLLECTIONS, body }), statuses: [400], body: CODE_3 };
  },
  "huge length": (draw) => ({
    bytes: request({
      path: POINTS,
      headers: [`Content-Length: ${draw.pick(["65537", "999999999", "9007199254740991"])}`],
      body: "{}",
    }),
    after: "leave",
    statuses: [],
  }),
  "impossible length": (draw) => ({
    bytes: request({
      path: POINTS,
      headers: [
        `Content-Length: ${draw.pick(["-1", "x", "0x10", "99999999999999999999999", "1e3", "1, 2"])}`,
      ],
      body: "{}",
    }),
    statuses: [400],
  }),
  "too large": (draw) => ({
    bytes: request({ path: POINTS, body: Buffer.alloc(MAX_MESSAGE_BYTES + draw.integer(1, 100_000), " ") }),
    statuses: [429],
    body: CODE_8,
  }),
  "too large in chunks": (draw) => {
    const size = MAX_MESSAGE_BYTES + draw.integer(1, 100_000);
    const body = `${size.toString(16)}\r\n${" ".repeat(size)}\r\n0\r\n\r\n`;
    const headers = ["Transfer-Encoding: chunked"];
    return { bytes: request({ path: POINTS, headers, body }), statuses: [429], body: CODE_8 };
  },
  "bad chunks": (draw) => ({
    bytes: request({
      path: POINTS,
      headers: ["Transfer-Encoding: chunked"],
      body: draw.pick(["zz\r\n{}\r\n", "-1\r\n", "5\r\n{}", "ffffffffffffffffff\r\n", "2\r\n{}xx\r\n"]),
    }),
    after: "leave",
    statuses: [],
  }),
  "two framings": () => ({
    bytes: request({
      path: POINTS,
      headers: ["Content-Length: 2", "Transfer-Encoding: chunked"],
      body: "{}",
    }),
    statuses: [400],
  }),
  "path traversal": (draw) => {
    const name = draw.pick([
      "%2e%2e",
      "..",
      "%2e%2e%5c%2e%2e%5cetc%5cpasswd",
      "%00",
      "data.mdb",
      "%ef%bb%bf",
      "C%3A%5C",
      "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
      "../../../../etc/passwd",
    ]);
    const tail = draw.pick(["/status", "/points/a"]);
    return {
      bytes: request({ method: "GET", path: `${COLLECTIONS}/${name}${tail}` }),
      statuses: [404],
      body: CODE_5,
    };
  },
  "bad escape": (draw) => ({
    bytes: request({
      method: "GET",
      path: `${COLLECTIONS}/${draw.pick(["%", "%z1", "%ff", "%c0%ae", "%ed%a0%80"])}/status`,
    }),
    statuses: [400],
    body: CODE_3,
  }),
  "unknown path": (draw) => ({
    bytes: request({ method: "GET", path: `/${draw.bytes(20).toString("hex")}` }),
    statuses: [404],
    body: CODE_5,
  }),
  "wrong method": (draw) => ({
    bytes: request({ method: draw.pick(["PATCH", "PUT", "DELETE", "PROPFIND"]), path: COLLECTIONS }),
    statuses: [501],
  }),
  "no method": (draw) => ({
    bytes: request({ method: draw.pick(["FOO", "get", "P\0ST", "\u00ff"]), path: COLLECTIONS }),
    statuses: [400],
  }),
  "no HTTP": (draw) => ({
    bytes: draw.pick([
      Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      Buffer.from("GET / HTTP/9.9\r\n\r\n"),
      Buffer.from("\r\n\r\nnonsense\r\n\r\n"),
      Buffer.concat([Buffer.of(0x16, 3, 1, 2, 0), draw.bytes(60)]),
    ]),
    statuses: [400],
  }),
  "large headers": (draw) => ({
    bytes: request({
      method: "GET",
      path: COLLECTIONS,
      headers: Array.from(
        { length: 80 },
        (_, n) => `X-Flood-${n}: ${"y".repeat(draw.integer(1_000, 2_000))}`,
      ),
    }),
    statuses: [431],
  }),
  "many headers": (draw) => ({
    bytes: request({
      method: "GET",
      path: COLLECTIONS,
      headers: Array.from({ length: draw.integer(500, 1_500) }, (_, n) => `X-${n}: 1`),
    }),
    statuses: [200],
  }),
  "bad header": (draw) => ({
    bytes: request({
      method: "GET",
      path: COLLECTIONS,
      headers: [draw.pick(["No colon", " : x", "A\0B: x", "X-A: a\0b", ": x", "X Y: 1"])],
    }),
    statuses: [400],
  }),
  "no token": (draw) => ({
    bytes: request({
      path: POINTS,
      headers: [
        draw.pick([
          "Authorization: ",
          "Authorization: Bearer",
          "Authorization: Bearer x",
          "Authorization: Basic eDp5",
        ]),
      ],
      body: upsertBody(draw),
    }),
    statuses: [401],
  }),
  "bad timeout": (draw) => ({
    bytes: request({
      path: SEARCH,
      headers: [`Grpc-Timeout: ${draw.pick(["x", "1", "S", "-1S", "1.5S", "1s"])}`],
      body: '{"vector":[1,2]}',
    }),
    statuses: [400],
    body: CODE_3,
  }),
  "wrong content type": (draw) => ({
    bytes: request({
      path: `${RPC}/Search`,
      headers: [`Content-Type: ${draw.pick(["text/html", "application/grpc", "application/json", "x", ""])}`],
    }),
    statuses: [415],
  }),
  "GET of a call": () => ({
    bytes: request({ method: "GET", path: `${RPC}/Search?message=AAAA&encoding=proto` }),
    statuses: [405],
  }),
  "protobuf cut off": (draw) => {
    const whole = oneField(draw);
    const body = whole.subarray(0, draw.integer(1, whole.byteLength - 1));
    const headers = ["Content-Type: application/proto"];
    return {
      bytes: request({ path: `${RPC}/Upsert`, headers, body }),
      statuses: [500],
      body: /"code":"internal"/,
    };
  },
  "frame cut off": (draw) => {
    const body = Buffer.concat([
      Buffer.from([0, 0, 0, 1, draw.integer(0, 255)]),
      draw.bytes(draw.integer(0, 99)),
    ]);
    const headers = ["Content-Type: application/grpc-web+proto"];
    return {
      bytes: request({ path: `${RPC}/Upsert`, headers, body }),
      statuses: [200],
      body: /grpc-status: ?(3|12|13)\b/,
    };
  },
  "frame too large": (draw) => {
    const body = Buffer.from([0, draw.integer(1, 255), 0, 0, 0, 1, 2, 3]);
    const headers = ["Content-Type: application/grpc-web+proto"];
    return {
      bytes: request({ path: `${RPC}/Upsert`, headers, body }),
      statuses: [200],
      body: /grpc-status: ?8\b/,
    };
  },
  "request left": (draw) => {
    const whole = request({ path: POINTS, body: upsertBody(draw) });
    return { bytes: whole.subarray(0, draw.integer(1, whole.byteLength - 1)), after: "leave", statuses: [] };
  },
};

/** A message with one field, so that no part of it is a message. */
export function oneField(draw: Draw): Buffer {
  const point = { id: `p${draw.integer(0, 99)}`, vector: Float32Array.of(1, 2), payload: { lang: "en" } };
  return Buffer.from(binaryCodec(vectronService.upsert).encodeRequest({ collection: "", points: [point] }));
}

const NAMES = Object.keys(KINDS);

export function httpRequest(draw: Draw): HostileRequest {
  const kind = draw.pick(NAMES);
  return { kind, ...KINDS[kind]!(draw) };
}

/** Clients that send the beginning of a request, and then nothing. */
export function slowRequest(draw: Draw): HostileRequest {
  const whole = request({ path: POINTS, body: upsertBody(draw) });
  const head = whole.indexOf("\r\n\r\n");
  const bytes = whole.subarray(
    0,
    draw.chance(0.5) ? draw.integer(1, head) : draw.integer(head + 4, whole.length - 1),
  );
  return { kind: "slow-loris", bytes, statuses: [408] };
}
