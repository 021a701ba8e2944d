import type { Draw } from "./draw.ts";
import type { HostileRequest } from "./http-requests.ts";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const SETTINGS = h2Frame(4, 0, 0);

function h2Frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

type Kind = (draw: Draw) => Buffer;

/** Breaches of HTTP/2 (RFC 9113), by what they are. Each ends the connection. */
const KINDS: Readonly<Record<string, Kind>> = {
  "DATA on no stream": () => h2Frame(0, 0, 0, Buffer.alloc(5)),
  "HEADERS on no stream": () => h2Frame(1, 4, 0, Buffer.alloc(5)),
  "headers that are no HPACK": (draw) =>
    h2Frame(1, 5, 1, Buffer.concat([Buffer.alloc(9, 0xff), draw.bytes(20)])),
  "a frame that is too large": (draw) => {
    const head = h2Frame(0, 0, 1);
    head.writeUIntBE(draw.integer(2 ** 20, 2 ** 24 - 1), 0, 3);
    return head;
  },
  "SETTINGS of a wrong size": () => h2Frame(4, 0, 0, Buffer.alloc(5)),
  "SETTINGS of a wrong value": () => h2Frame(4, 0, 0, Buffer.from([0, 4, 0xff, 0xff, 0xff, 0xff])),
  "a window that overflows": () => h2Frame(8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
  "a window that does not grow": () => h2Frame(8, 0, 0, Buffer.alloc(4)),
  "PUSH_PROMISE of a client": () => h2Frame(5, 4, 1, Buffer.alloc(8)),
  "CONTINUATION of nothing": () => h2Frame(9, 4, 1, Buffer.alloc(4)),
  "RST_STREAM of nothing": () => h2Frame(3, 0, 1, Buffer.alloc(4)),
  "PING of a wrong size": () => h2Frame(6, 0, 0, Buffer.alloc(7)),
  "a stream of an even number": () => h2Frame(1, 5, 2, Buffer.from([0x82])),
  "too many pings": () => Buffer.concat(Array.from({ length: 50 }, () => h2Frame(6, 0, 0, Buffer.alloc(8)))),
};

const NAMES = Object.keys(KINDS);

/** Bytes for the gRPC port after which the server has to close the connection. */
export function frameRequest(draw: Draw): HostileRequest {
  if (draw.chance(0.1)) {
    const bytes = Buffer.concat([Buffer.from("GET / HTTP/1.1\r\n\r\n"), draw.bytes(50)]);
    return { kind: "no HTTP/2", bytes, statuses: [] };
  }
  const kind = draw.pick(NAMES);
  return { kind, bytes: Buffer.concat([PREFACE, SETTINGS, KINDS[kind]!(draw)]), statuses: [] };
}
